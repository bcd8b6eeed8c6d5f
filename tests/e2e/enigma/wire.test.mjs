// What happens around the calls: sessions shared and resumed, limits, pushes, aborted calls, rights.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';

import WebSocket from 'ws';

import {Simulator} from './engine.mjs';

const running = [];
async function start(...args) {
  const simulator = await Simulator.start(...args);
  running.push(simulator);
  return simulator;
}
after(async () => {
  for (const simulator of running) await simulator.stop();
});

const page = (width, height) => [{qLeft: 0, qTop: 0, qWidth: width, qHeight: height}];
const once = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));

// A bare socket that speaks frames, for what a client library hides.
class Bare {
  static async open(simulator, route, user = 'UserDirectory=INTERNAL; UserId=sa_api') {
    const bare = new Bare();
    bare.frames = [];
    bare.waiting = [];
    bare.socket = new WebSocket(`wss://localhost:${simulator.port}/${route}`, simulator.socketOptions(user));
    bare.closed = new Promise((resolve) => bare.socket.on('close', (code, reason) => resolve({code, reason: String(reason)})));
    bare.socket.on('message', (data) => {
      const frame = JSON.parse(data);
      bare.frames.push(frame);
      bare.waiting = bare.waiting.filter(([wanted, resolve]) => !wanted(frame) || resolve(frame));
    });
    await once(bare.socket, 'open');
    return bare;
  }
  frame(wanted) {
    const found = this.frames.find(wanted);
    return found ? Promise.resolve(found) : new Promise((resolve) => this.waiting.push([wanted, resolve]));
  }
  call(id, handle, method, params, more = {}) {
    this.socket.send(JSON.stringify({jsonrpc: '2.0', id, handle, method, params, ...more}));
    return this.frame((frame) => frame.id === id);
  }
}

test('a session is resumed across a dropped socket, with new handles and its selections', async () => {
  const simulator = await start('--gallery');
  const session = simulator.session({route: 'app/gallery/identity/resume/ttl/60', suspendOnClose: true});
  const global = await session.open();
  const doc = await global.openDoc('gallery');
  const table = await doc.getObject('g-table');
  await (await doc.getField('Region')).select('North');
  assert.equal((await table.getLayout()).qHyperCube.qSize.qcy, 4);
  const handle = table.handle;
  const suspended = once(session, 'suspended');
  session.rpc.socket.terminate();
  await suspended;
  await session.resume(true);
  assert.notEqual(table.handle, handle, 'the numbers of handles are not used again');
  assert.equal((await table.getLayout()).qHyperCube.qSize.qcy, 4, 'the same session, the same selections');
  await session.close();
});

test('without a ttl the session ends with its socket', async () => {
  const simulator = await start('--gallery');
  const first = await Bare.open(simulator, 'app/gallery/identity/short');
  assert.equal((await first.frame((frame) => frame.method === 'OnConnected')).params.qSessionState, 'SESSION_CREATED');
  first.socket.close();
  await first.closed;
  const second = await Bare.open(simulator, 'app/gallery/identity/short');
  assert.equal((await second.frame((frame) => frame.method === 'OnConnected')).params.qSessionState, 'SESSION_CREATED');
  second.socket.close();
});

test('two sockets of one session see each other\'s selections, another identity does not', async () => {
  const simulator = await start('--gallery');
  const sessions = ['shared', 'shared', 'alone'].map((identity) => simulator.session({route: `app/gallery/identity/${identity}`}));
  const docs = [];
  for (const session of sessions) {
    const global = await session.open();
    docs.push(await global.getActiveDoc().catch(() => global.openDoc('gallery')));
  }
  const tables = await Promise.all(docs.map((doc) => doc.getObject('g-table')));
  for (const table of tables) assert.equal((await table.getLayout()).qHyperCube.qSize.qcy, 12);
  const changed = once(tables[1], 'changed');
  await (await docs[0].getField('Region')).select('North');
  await changed;
  assert.equal((await tables[1].getLayout()).qHyperCube.qSize.qcy, 4);
  assert.equal((await tables[2].getLayout()).qHyperCube.qSize.qcy, 12);
  for (const session of sessions) await session.close();
});

test('a sixth session of one user is refused with a notification, another user\'s first is not', async () => {
  const simulator = await start('--gallery', '--session-limit', '5');
  const open = [];
  for (let i = 0; i < 5; ++i) open.push(await Bare.open(simulator, `app/gallery/identity/${i}`));
  const refused = await Bare.open(simulator, 'app/gallery/identity/5');
  const notice = await refused.frame((frame) => frame.method !== undefined);
  assert.equal(notice.method, 'OnMaxParallelSessionsExceeded');
  assert.equal(notice.params.severity, 'fatal');
  await refused.closed;
  const other = await Bare.open(simulator, 'app/gallery/identity/5', 'UserDirectory=CORP; UserId=other');
  assert.equal((await other.frame((frame) => frame.method !== undefined)).method, 'OnConnected');
  for (const bare of [...open, other]) bare.socket.close();
});

test('a call that a selection overtakes is aborted with 15, and its object is pushed as changed', async () => {
  const simulator = await start('--gallery', '--latency', '100');
  const session = simulator.session({route: 'app/gallery'});
  const doc = await (await session.open()).openDoc('gallery');
  const table = await doc.getObject('g-table');
  const region = await doc.getField('Region');
  await table.getLayout();
  const changed = once(table, 'changed');
  const data = table.getHyperCubeData('/qHyperCubeDef', page(7, 100));
  const selected = region.select('North');
  await assert.rejects(data, {code: 15});
  assert.equal(await selected, true);
  await changed;
  assert.equal((await table.getLayout()).qHyperCube.qSize.qcy, 4);
  await session.close();
});

test('changes are pushed once until the object is read again', async () => {
  const simulator = await start('--gallery');
  const bare = await Bare.open(simulator, 'app/gallery');
  await bare.call(1, -1, 'OpenDoc', ['gallery']);
  const object = (await bare.call(2, 1, 'GetObject', ['g-table'])).result.qReturn.qHandle;
  const field = (await bare.call(3, 1, 'GetField', {qFieldName: 'Region'})).result.qReturn.qHandle;
  assert.equal((await bare.call(4, field, 'Select', {qMatch: 'North', qUnknown: 1})).change, undefined, 'never read, never stale');
  await bare.call(5, object, 'GetLayout', {});
  assert.deepEqual((await bare.call(6, field, 'Select', ['South'])).change, [object]);
  assert.equal((await bare.call(7, field, 'Select', ['North'])).change, undefined);
  bare.socket.close();
});

test('delta replies hold patches', async () => {
  const simulator = await start('--gallery');
  const bare = await Bare.open(simulator, 'app/gallery');
  await bare.call(1, -1, 'OpenDoc', ['gallery']);
  const object = (await bare.call(2, 1, 'GetObject', ['g-table'], {delta: true})).result.qReturn[0].value.qHandle;
  const first = await bare.call(3, object, 'GetLayout', [], {delta: true});
  assert.equal(first.delta, true);
  assert.equal(first.result.qLayout[0].op, 'add');
  assert.equal(first.result.qLayout[0].path, '/');
  assert.deepEqual((await bare.call(4, object, 'GetLayout', [], {delta: true})).result.qLayout, [], 'nothing changed');
  const field = (await bare.call(5, 1, 'GetField', ['Region'])).result.qReturn.qHandle;
  await bare.call(6, field, 'Select', ['North']);
  assert.equal((await bare.call(7, object, 'GetLayout', [], {delta: true})).result.qLayout[0].path, '/');
  bare.socket.close();
});

test('section access shows each user the rows that are theirs, and refuses others', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'qonduit-access-'));
  fs.writeFileSync(path.join(folder, 'app.json'), JSON.stringify({
    id: 'access',
    title: 'Access',
    tables: [{name: 'T', csv: 'Region,Value\nNorth,1\nNorth,2\nSouth,4\n', fields: [{name: 'Region'}, {name: 'Value', type: 'integer'}]}],
    sectionAccess: {field: 'Region', users: {'CORP\\anna': ['North'], 'CORP\\admin': ['*']}},
    sheets: [],
  }));
  const simulator = await start('--app', folder);
  const total = async (id) => {
    const session = simulator.session({route: 'app/access', user: `UserDirectory=CORP; UserId=${id}`});
    try {
      return await (await (await session.open()).openDoc('access')).evaluate('Sum(Value)');
    } finally {
      await session.close();
    }
  };
  assert.equal(await total('anna'), '3');
  assert.equal(await total('admin'), '7');
  await assert.rejects(total('bert'), {code: 5});
  fs.rmSync(folder, {recursive: true});
});

test('a reload brings the new data of the files and keeps what is selected', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'qonduit-reload-'));
  const csv = path.join(folder, 'data.csv');
  fs.writeFileSync(csv, 'Region,Value\nNorth,1\nSouth,2\n');
  fs.writeFileSync(path.join(folder, 'app.json'), JSON.stringify({
    id: 'reload',
    title: 'Reload',
    tables: [{name: 'T', file: 'data.csv', fields: [{name: 'Region'}, {name: 'Value', type: 'integer'}]}],
    sheets: [],
  }));
  const simulator = await start('--app', folder);
  const session = simulator.session({route: 'app/reload'});
  const doc = await (await session.open()).openDoc('reload');
  await (await doc.getField('Region')).select('South');
  fs.writeFileSync(csv, 'Region,Value\nEast,10\nNorth,20\nSouth,40\nSouth,80\n');
  assert.equal(await doc.doReload(), true);
  assert.equal(await doc.evaluate('Sum(Value)'), '120');
  fs.rmSync(csv);
  assert.equal(await doc.doReload(), false, 'a reload that fails changes nothing');
  assert.equal(await doc.evaluate('Sum(Value)'), '120');
  await session.close();
  fs.rmSync(folder, {recursive: true});
});

test('an app opened without data says so and has none', async () => {
  const simulator = await start('--gallery');
  const session = simulator.session({route: 'app/gallery'});
  const doc = await (await session.open()).openDoc('gallery', '', '', '', true);
  assert.equal((await doc.getAppLayout()).qIsOpenedWithoutData, true);
  const {qtr} = await doc.getTablesAndKeys({qcx: 0, qcy: 0}, {qcx: 0, qcy: 0}, 30, false, false);
  assert.deepEqual(qtr, []);
  await session.close();
});

test('exported data is served over HTTPS to the session that asked for it', async () => {
  const simulator = await start('--gallery');
  const session = simulator.session({route: 'app/gallery'});
  const doc = await (await session.open()).openDoc('gallery');
  const {qUrl} = await (await doc.getObject('g-combo')).exportData('CSV_C', '/qHyperCubeDef');
  const mine = await simulator.get(qUrl, {'X-Qlik-User': 'UserDirectory=INTERNAL; UserId=sa_api'});
  assert.equal(mine.status, 200);
  assert.equal(mine.body.split('\r\n').length, 6);
  assert.match(mine.body, /^Group,Sales,Quantity\r\n/);
  assert.equal((await simulator.get(qUrl, {'X-Qlik-User': 'UserDirectory=CORP; UserId=other'})).status, 404);
  assert.equal((await simulator.get('/tempcontent/nothing.csv', {'X-Qlik-User': 'UserDirectory=INTERNAL; UserId=sa_api'})).status, 404);
  await session.close();
});

test('200 sessions at once', async () => {
  const simulator = await start('--gallery');
  const sessions = Array.from({length: 200}, (_, i) => simulator.session({route: `app/gallery/identity/${i}`}));
  const sums = await Promise.all(sessions.map(async (session, i) => {
    const doc = await (await session.open()).openDoc('gallery');
    await (await doc.getField('Region')).select(i % 2 === 0 ? 'North' : 'South');
    return doc.evaluate('Sum(Quantity)');
  }));
  assert.deepEqual(sums, sums.map((_, i) => (i % 2 === 0 ? '19' : '20')));
  await Promise.all(sessions.map((session) => session.close()));
});
