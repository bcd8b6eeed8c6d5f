// What the host does, done by Qlik's own client: whatever differs is the simulator's mistake, or the host's.
import assert from 'node:assert/strict';
import path from 'node:path';
import {after, before, test} from 'node:test';

import {readCsv} from './csv.mjs';
import {demoApp, Simulator} from './engine.mjs';

const pageRows = (columns) => Math.floor(10000 / columns);
const cents = (rows) => rows.reduce((sum, row) => sum + Math.round(Number(row.Amount) * 100), 0);

let simulator, session, global, doc;
const traffic = [];

before(async () => {
  simulator = await Simulator.start('--app', demoApp());
  session = simulator.session();
  session.on('traffic:received', (message) => traffic.push(message));
  global = await session.open();
  doc = await global.openDoc('consumer-sales');
});

after(async () => {
  if (session) await session.close();
  if (simulator) await simulator.stop();
});

test('the session is created, not attached', () => {
  const connected = traffic.find((message) => message.method === 'OnConnected');
  assert.equal(connected.params.qSessionState, 'SESSION_CREATED');
});

test('every message says that it is JSON-RPC 2.0', () => {
  for (const message of traffic) assert.equal(message.jsonrpc, '2.0');
});

test('the engine tells its version', async () => {
  const version = await global.engineVersion();
  assert.match(version.qComponentVersion, /^\d+\.\d+\.\d+$/);
});

test('the list of apps has the app', async () => {
  const apps = await global.getDocList();
  const app = apps.find((entry) => entry.qDocId === 'consumer-sales');
  assert.equal(app.qDocName, 'Consumer Sales');
  assert.equal((await doc.getAppLayout()).qTitle, 'Consumer Sales');
  assert.ok(!(await doc.getAppLayout()).qIsOpenedWithoutData);
});

test('a session object lists the sheets', async () => {
  const list = await doc.createSessionObject({
    qInfo: {qType: 'SheetList'},
    qAppObjectListDef: {qType: 'sheet', qData: {title: '/qMetaDef/title', rank: '/rank', cells: '/cells'}},
  });
  const layout = await list.getLayout();
  assert.deepEqual(layout.qAppObjectList.qItems.map((item) => item.qMeta.title).sort(), ['Customers & Products', 'Orders', 'Overview']);
  assert.equal(await doc.destroySessionObject(list.id), true);
});

test('sheets answer their children', async () => {
  const sheet = await doc.getObject('sheet-overview');
  assert.equal(sheet.genericType, 'sheet');
  const children = await sheet.getChildInfos();
  assert.deepEqual(children.map((child) => child.qId).sort(), ['bar-regions', 'kpi-totals', 'table-top-products', 'text-about']);
});

test('pages of a table hold every order once, with the numbers of the file', async () => {
  const orders = readCsv(path.join(demoApp(), 'sales.csv'));
  const table = await doc.getObject('table-orders');
  const {qHyperCube: cube} = await table.getLayout();
  const names = [...cube.qDimensionInfo, ...cube.qMeasureInfo].map((info) => info.qFallbackTitle);
  const columns = cube.qSize.qcx;
  assert.equal(cube.qSize.qcy, orders.length);
  const rows = [];
  while (rows.length < cube.qSize.qcy) {
    const [page] =
        await table.getHyperCubeData('/qHyperCubeDef', [{qLeft: 0, qTop: rows.length, qWidth: columns, qHeight: pageRows(columns)}]);
    assert.ok(page.qMatrix.length > 0);
    rows.push(...page.qMatrix);
  }
  assert.equal(rows.length, cube.qSize.qcy);
  const id = names.indexOf('OrderID');
  assert.equal(new Set(rows.map((row) => row[id].qNum)).size, orders.length);
  const amount = names.indexOf('Amount');
  const delivered = rows.reduce((sum, row) => sum + Math.round(row[amount].qNum * 100), 0);
  assert.equal(delivered, cents(orders));
});

test('a measure over a join agrees with a join made here', async () => {
  const sales = readCsv(path.join(demoApp(), 'sales.csv'));
  const regions = new Map(readCsv(path.join(demoApp(), 'customers.csv')).map((row) => [row.CustomerID, row.Region]));
  const chart = await doc.getObject('bar-regions');
  const [page] = await chart.getHyperCubeData('/qHyperCubeDef', [{qLeft: 0, qTop: 0, qWidth: 2, qHeight: 100}]);
  assert.ok(page.qMatrix.length > 3);
  for (const [region, amount] of page.qMatrix) {
    if (region.qIsNull) continue;
    const expected = cents(sales.filter((row) => regions.get(row.CustomerID) === region.qText));
    assert.equal(Math.round(amount.qNum * 100), expected, region.qText);
  }
});

test('more than 10,000 cells in one call are refused with 7009', async () => {
  const table = await doc.getObject('table-orders');
  await assert.rejects(table.getHyperCubeData('/qHyperCubeDef', [{qLeft: 0, qTop: 0, qWidth: 9, qHeight: 1200}]), {code: 7009});
});

test('an object that does not exist is a null handle to the client', async () => {
  await assert.rejects(doc.getObject('no-such-object'), /Object not found/);
});

test('an app that does not exist is refused', async () => {
  const other = simulator.session({route: 'app/other'});
  const otherGlobal = await other.open();
  await assert.rejects(otherGlobal.openDoc('no-such-app'), {code: 1003});
  await other.close();
});

test('every event of a session arrives: closed, once', async () => {
  const other = simulator.session({route: 'app/closing'});
  await other.open();
  let closed = 0;
  other.on('closed', () => ++closed);
  await other.close();
  assert.equal(closed, 1);
});
