// Users of Qlik's newest client, @qlik/api, who do at random what people do on sheets: select, clear, go back, look at objects, page through
// their data. Arguments: port, users, seconds, seed. They begin when all of them are in, and each does kLeast things however long that takes.
// Prints what was done as JSON; every difference between a layout and its data is an error.
import {openAppSession} from '@qlik/api/qix';

const [port, users, seconds, seed] = process.argv.slice(2).map(Number);
const kLeast = 60;
const done = {};
const errors = [];

function randomizer(state) {
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 16) % limit;
  };
}

const page = (width, height) => [{qLeft: 0, qTop: 0, qWidth: width, qHeight: height}];
const leaves = (nodes) => nodes.reduce((sum, node) => sum + (node.qSubNodes.length ? leaves(node.qSubNodes) : 1), 0);

async function look(object) {
  const layout = await object.getLayout();
  const cube = layout.qHyperCube;
  if (layout.qListObject) {
    const [data] = await object.getListObjectData('/qListObjectDef', page(1, 1000));
    if (data.qMatrix.length !== layout.qListObject.qSize.qcy) throw new Error(`${layout.qInfo.qId}: a list of other length`);
    return;
  }
  if (!cube || cube.qError) return;
  const {qcx, qcy} = cube.qSize;
  if (cube.qMode === 'S') {
    const [data] = await object.getHyperCubeData('/qHyperCubeDef', page(qcx, 500));
    if (data.qMatrix.length !== qcy || data.qMatrix.some((row) => row.length !== qcx)) throw new Error(`${layout.qInfo.qId}: not ${qcx}x${qcy}`);
  } else if (cube.qMode === 'P') {
    const [data] = await object.getHyperCubePivotData('/qHyperCubeDef', page(50, 50));
    if (data.qData.length !== Math.min(qcy, 50)) throw new Error(`${layout.qInfo.qId}: ${data.qData.length} rows of ${qcy}`);
    if (data.qLeft.length && leaves(data.qLeft) !== data.qData.length) throw new Error(`${layout.qInfo.qId}: leaves do not match rows`);
  } else if (cube.qMode === 'K') {
    const [data] = await object.getHyperCubeStackData('/qHyperCubeDef', page(1, 500), 10000);
    if (data.qData[0].qDown !== 0) throw new Error(`${layout.qInfo.qId}: rows left`);
  }
}

async function enter(number) {
  const session = openAppSession({
    appId: 'gallery',
    identity: `user-${number}`,
    hostConfig: {host: `https://localhost:${port}`, authType: 'apikey', apiKey: 'key-1'},
  });
  return {number, session, doc: await session.getDoc()};
}

async function act({number, session, doc}, deadline) {
  const random = randomizer(seed * 1000 + number);
  const infos = (await doc.getAllInfos()).filter((info) => !['dimension', 'measure', 'bookmark', 'sheet'].includes(info.qType));
  const fields = ['City', 'Region', 'Product', 'Group', 'Order', 'Day'];
  const actions = {
    select: async () => {
      const field = await doc.getField(fields[random(fields.length)]);
      await field.lowLevelSelect([random(await field.getCardinal())], random(2) === 0, false);
    },
    clear: () => doc.clearAll(true),
    back: () => doc.back(),
    bookmark: () => doc.applyBookmark(random(2) === 0 ? 'b-north' : 'b-large'),
    look: async () => look(await doc.getObject(infos[random(infos.length)].qId)),
    evaluate: () => doc.evaluateEx('Sum(Amount)/Count(distinct City)'),
  };
  const names = ['select', 'look', 'look', 'look', 'clear', 'back', 'evaluate', 'bookmark'];
  for (let acted = 0; acted < kLeast || Date.now() < deadline; ++acted) {
    const name = names[random(names.length)];
    try {
      await actions[name]();
      done[name] = (done[name] ?? 0) + 1;
    } catch (error) {
      errors.push(`user ${number}, ${name}: ${error.message}`);
      if (errors.length > 20) break;
    }
  }
  await session.close();
}

const all = await Promise.all(Array.from({length: users}, (_, number) => enter(number)));
const deadline = Date.now() + seconds * 1000;
await Promise.all(all.map((user) => act(user, deadline)));
console.log(JSON.stringify({done, errors}));
process.exit(0);
