// Reads every object on an app's sheets, all of them at once, as a script on Qlik's client would: object, layout, pages of each cube and
// list, and what is in containers. It checks nothing. Used by tests/bench/many_objects.sh.
// Usage: read_objects.mjs PORT CERTIFICATES APP; prints seconds, calls and rows.
import fs from 'node:fs';
import path from 'node:path';
import {createRequire} from 'node:module';

import enigma from 'enigma.js';
import WebSocket from 'ws';

const schema = createRequire(import.meta.url)('enigma.js/schemas/12.2027.0.json');
const [port, folder, app] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(folder, name));
const options = {ca: read('root.pem'), cert: read('client.pem'), key: read('client_key.pem'),
  headers: {'X-Qlik-User': 'UserDirectory=BENCH; UserId=peer'}};
const kCells = 10000;
let calls = 0;
let rows = 0;

const begin = performance.now();
const session = enigma.create({schema, url: `wss://localhost:${port}/app/${app}`, createSocket: (url) => new WebSocket(url, options)});
session.on('traffic:sent', () => ++calls);
const global = await session.open();
const doc = await global.openDoc(app);

// Every cube and list in a layout, with its path.
function* parts(value, at = '') {
  if (value === null || typeof value !== 'object') return;
  for (const [key, member] of Object.entries(value)) {
    if (key === 'qHyperCube') yield {path: `${at}/qHyperCubeDef`, cube: member};
    else if (key === 'qListObject') yield {path: `${at}/qListObjectDef`, list: member};
    else yield* parts(member, `${at}/${key}`);
  }
}

function pages(size) {
  const height = Math.max(1, Math.floor(kCells / Math.max(1, size.qcx)));
  const all = [];
  for (let top = 0; top < size.qcy; top += height)
    all.push({qLeft: 0, qTop: top, qWidth: size.qcx, qHeight: Math.min(height, size.qcy - top)});
  return all;
}

async function readPart(object, {path: where, cube, list}) {
  const method = list ? 'getListObjectData' : cube.qMode === 'P' ? 'getHyperCubePivotData' : cube.qMode === 'K' || cube.qMode === 'T' ?
      'getHyperCubeStackData' : 'getHyperCubeData';
  const size = list ? list.qSize : cube.qSize;
  await Promise.all(pages(size).map(async (page) => {
    const [data] = method === 'getHyperCubeStackData' ? await object[method](where, [page], kCells) : await object[method](where, [page]);
    rows += data?.qMatrix?.length ?? data?.qData?.length ?? 0;
  }));
}

async function readObject(id) {
  const object = await doc.getObject(id);
  const layout = await object.getLayout();
  const below = (layout.qChildList?.qItems ?? []).map((child) => readObject(child.qInfo.qId).catch(() => {}));
  await Promise.all([...below, ...[...parts(layout)].map((part) => readPart(object, part).catch(() => {}))]);
}

const list = await doc.createSessionObject({qInfo: {qType: 'SheetList'}, qAppObjectListDef: {qType: 'sheet', qData: {cells: '/cells'}}});
const sheets = (await list.getLayout()).qAppObjectList.qItems;
await Promise.all(sheets.flatMap((sheet) => (sheet.qData.cells ?? []).map((cell) => readObject(cell.name).catch(() => {}))));
await session.close();
console.log(`${((performance.now() - begin) / 1000).toFixed(2)} ${calls} ${rows}`);
