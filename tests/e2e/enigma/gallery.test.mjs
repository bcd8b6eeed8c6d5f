// Every method the simulator has, called by Qlik's own client on an app with one object of every kind.
import assert from 'node:assert/strict';
import {after, before, test} from 'node:test';

import {Simulator} from './engine.mjs';
import {checkEnumerations, SchemaCheck} from './schema_check.mjs';

let simulator, session, global, doc, check;

before(async () => {
  simulator = await Simulator.start('--gallery', '--reload-time', '300');
  session = simulator.session({route: 'app/gallery'});
  check = new SchemaCheck(session);
  global = await session.open();
  doc = await global.openDoc('gallery');
});

after(async () => {
  if (session) await session.close();
  if (simulator) await simulator.stop();
});

const page = (width, height, left = 0, top = 0) => [{qLeft: left, qTop: top, qWidth: width, qHeight: height}];
const texts = (matrix) => matrix.map((row) => row.map((cell) => cell.qText));
const states = (matrix) => Object.fromEntries(matrix.map(([cell]) => [cell.qText, cell.qState]));

async function listStates(id) {
  const list = await doc.getObject(id);
  const [data] = await list.getListObjectData('/qListObjectDef', page(1, 100));
  return states(data.qMatrix);
}

async function rows(id, width, height = 100, path = '/qHyperCubeDef') {
  const object = await doc.getObject(id);
  const [data] = await object.getHyperCubeData(path, page(width, height));
  return texts(data.qMatrix);
}

async function sessionObject(definition, work) {
  const object = await doc.createSessionObject({qInfo: {qType: 'test'}, ...definition});
  try {
    return await work(object, await object.getLayout());
  } finally {
    assert.equal(await doc.destroySessionObject(object.id), true);
  }
}

test('every object has a layout with enumerations of the protocol', async () => {
  for (const info of await doc.getAllInfos()) {
    if (['dimension', 'measure', 'bookmark'].includes(info.qType)) continue;
    const object = await doc.getObject(info.qId);
    const layout = await object.getLayout();
    assert.equal(layout.qInfo.qId, info.qId);
    checkEnumerations(layout, info.qId);
    assert.equal((await object.getProperties()).qInfo.qId, info.qId);
    assert.equal((await object.getInfo()).qId, info.qId);
  }
});

test('global calls', async () => {
  assert.match(await global.productVersion(), /^\d+\./);
  assert.equal(typeof await global.oSName(), 'string');
  assert.equal(await global.isPersonalMode(), false);
  assert.equal(await global.isDesktopMode(), false);
  assert.equal(await global.getAuthenticatedUser(), 'UserDirectory=INTERNAL; UserId=sa_api');
  assert.equal((await global.getAppEntry('gallery')).qTitle, 'Gallery');
  assert.equal((await global.getActiveDoc()).id, 'gallery');
  await global.cancelRequest(4711);
  await global.abortRequest(4711);
  await global.abortAll();
});

test('sheet list, field list, variables, master items, bookmarks and current selections are session objects', async () => {
  const definition = {
    qAppObjectListDef: {qType: 'sheet', qData: {title: '/qMetaDef/title', nowhere: '/no/such/path'}},
    qFieldListDef: {},
    qVariableListDef: {qType: 'variable'},
    qDimensionListDef: {qType: 'dimension', qData: {grouping: '/qDim/qGrouping'}},
    qMeasureListDef: {qType: 'measure', qData: {expression: '/qMeasure/qDef'}},
    qBookmarkListDef: {qType: 'bookmark'},
    qSelectionObjectDef: {},
  };
  await sessionObject(definition, (object, layout) => {
    assert.deepEqual(layout.qAppObjectList.qItems[0].qData, {title: 'Tables'});
    assert.ok(layout.qFieldList.qItems.find((field) => field.qName === 'City').qTags.includes('$key'));
    assert.equal(layout.qVariableList.qItems.length, 3);
    assert.equal(layout.qDimensionList.qItems.find((item) => item.qInfo.qId === 'd-drill').qData.grouping, 'H');
    assert.equal(layout.qMeasureList.qItems.find((item) => item.qInfo.qId === 'm-sales').qData.expression, 'Sum(Amount)');
    assert.equal(layout.qBookmarkList.qItems.length, 2);
    assert.deepEqual(layout.qSelectionObject.qSelections, []);
  });
});

test('the data model', async () => {
  const {qtr, qk} = await doc.getTablesAndKeys({qcx: 0, qcy: 0}, {qcx: 0, qcy: 0}, 30, false, false);
  assert.deepEqual(qtr.map((table) => [table.qName, table.qNoOfRows]), [['Orders', 10], ['Products', 5], ['Cities', 5]]);
  const city = qtr[2].qFields.find((field) => field.qName === 'City');
  assert.equal(city.qKeyType, 'PRIMARY_KEY');
  assert.equal(city.qSubsetRatio, 5 / 6);
  assert.deepEqual(qk.map((key) => key.qKeyFields), [['Product'], ['City']]);
  const data = await doc.getTableData(1, 2, false, 'Products');
  assert.deepEqual(data.map((row) => row.qValue.map((value) => value.qText)), [['Bread', 'Food', '0,8'], ['Cider', 'Drink', '1']]);
  const field = await doc.getFieldDescription('Amount');
  assert.deepEqual(field.qSrcTables, ['Orders']);
  await assert.rejects(doc.getFieldDescription('Amuont'), {code: 2});
  assert.match(await doc.getScript(), /LOAD/);
  assert.equal((await doc.getLocaleInfo()).qDecimalSep, ',');
});

test('expressions', async () => {
  assert.equal(await doc.evaluate('Sum(Amount)'), '1\u202f093,10 kr');
  assert.deepEqual(await doc.evaluateEx('Sum(Quantity)+1'), {qText: '72', qIsNumeric: true, qNumber: 72});
  assert.equal(await doc.evaluate("Num(1234.5, '# ##0,00', ',', ' ')"), '1 234,50');
  assert.equal(await doc.evaluate("Date(45292, 'YYYY-MM-DD') & '!'"), '2024-01-01!');
  assert.equal(await doc.evaluate("Count({<Region={'North'}>} Order)"), '4');
  assert.equal(await doc.evaluate("Count({<Region={\"N*\"}>+<Product={'Dates'}>} Order)"), '6');
  assert.equal(await doc.evaluate('Sum({<Amount={">=100<150"}>} Quantity)'), '6');
  assert.equal(await doc.evaluate('$(vTop)*2'), '6');
  assert.equal(await doc.expandExpression('$(vTop)*2'), '3*2');
  assert.deepEqual(await doc.getFieldsFromExpression('Sum(Amount)/Count([Order])+Sum(Nope)'), ['Amount', 'Order']);
  const misspelt = await doc.checkExpression('Sum(Amuont)');
  assert.equal(misspelt.qErrorMsg, '');
  assert.deepEqual(misspelt.qBadFieldNames, [{qFrom: 4, qCount: 6}]);
  assert.notEqual((await doc.checkExpression('Sum(')).qErrorMsg, '');
});

test('a misspelt field is worth 0, a wrong function null, and neither is an error', async () => {
  const [first] = await rows('g-errors', 6, 1);
  assert.equal(first[1], '0');
  assert.equal(first[2], '-');
});

test('total and set analysis in a cube', async () => {
  const table = await rows('g-errors', 6);
  const oslo = table.find((row) => row[0] === 'Oslo');
  const roma = table.find((row) => row[0] === 'Roma');
  assert.equal(oslo[4], roma[4]);
  assert.equal(roma[5], '0,00 kr');
  assert.notEqual(oslo[5], '0,00 kr');
});

test('column order, hidden columns and conditions', async () => {
  const ordered = await doc.getObject('g-sn-table');
  const {qHyperCube: cube} = await ordered.getLayout();
  assert.deepEqual(cube.qColumnOrder, [1, 0, 2, 3, 4]);
  const [data] = await ordered.getHyperCubeData('/qHyperCubeDef', page(5, 10));
  assert.equal(data.qMatrix[0][0].qText, 'Cider');
  const hidden = (await (await doc.getObject('g-hidden')).getLayout()).qHyperCube;
  assert.equal(hidden.qMeasureInfo[1].qError.qErrorCode, 7005);
  assert.equal(hidden.qSize.qcx, 3);
  assert.equal(hidden.qGrandTotalRow.length, 2);
  const never = (await (await doc.getObject('g-condition')).getLayout()).qHyperCube;
  assert.equal(never.qError.qErrorCode, 7005);
  assert.equal(never.qCalcCondMsg, 'Too many orders: 10');
});

test('calculated dimensions and attributes', async () => {
  assert.deepEqual((await rows('g-calculated', 3)).map((row) => [row[0], row[2]]), [['large', '5'], ['small', '5']]);
  const attributes = await doc.getObject('g-attributes');
  const [data] = await attributes.getHyperCubeData('/qHyperCubeDef', page(2, 10));
  const goteborg = data.qMatrix.find((row) => row[0].qText === 'Göteborg');
  assert.equal(goteborg[0].qAttrExps.qValues[0].qText, '#00ff00');
  assert.equal(goteborg[0].qAttrDims.qValues[0].qText, 'North');
  assert.equal(goteborg[1].qAttrExps.qValues[0].qNum, 12);
});

test('selections of a field change states everywhere the association reaches', async () => {
  const region = await doc.getField('Region');
  const list = await doc.getObject('g-list-region');
  await list.getLayout();
  const changed = new Promise((resolve) => list.once('changed', resolve));
  assert.equal(await region.select('North'), true);
  await changed;
  assert.deepEqual(await listStates('g-list-region'), {North: 'S', South: 'A'});
  assert.deepEqual(await listStates('g-list-city'),
                   {Oslo: 'O', Göteborg: 'O', Napoli: 'X', Roma: 'X', Palermo: 'X', Atlantis: 'X'});
  assert.equal((await rows('g-table', 7)).length, 4);
  assert.deepEqual((await rows('g-drill', 2)).map((row) => row[0]), ['Göteborg', 'Oslo']);
  const table = await doc.getObject('g-state');
  assert.equal((await table.getLayout()).qHyperCube.qSize.qcy, 7, 'another state has its own selections');
  await sessionObject({qSelectionObjectDef: {}}, (object, layout) => {
    const [item] = layout.qSelectionObject.qSelections;
    assert.equal(item.qField, 'Region');
    assert.equal(item.qSelected, 'North');
    assert.equal(layout.qSelectionObject.qBackCount, 1);
  });
  await (await doc.getObject('g-drill')).drillUp('/qHyperCubeDef', 0, 1);
  assert.deepEqual((await rows('g-drill', 2)).map((row) => row[0]), ['North', 'South', '-']);
  assert.equal(await doc.back(), true);
  assert.deepEqual(await listStates('g-list-region'), {North: 'S', South: 'A'});
  assert.equal(await doc.forward(), true);
  assert.deepEqual(await listStates('g-list-region'), {North: 'O', South: 'O'});
  await doc.clearAll();
});

test('the ways to select in a field', async () => {
  const city = await doc.getField('City');
  assert.equal(await city.getCardinal(), 6);
  assert.equal(await city.selectValues([{qText: 'Oslo'}, {qText: 'Roma'}], false, false), true);
  assert.deepEqual(await listStates('g-list-region'), {North: 'O', South: 'O'});
  assert.equal(await city.lowLevelSelect([0], true), true);
  assert.equal((await listStates('g-list-city')).Oslo, 'X', 'alternatives show as excluded where the list does not ask for them');
  assert.equal((await listStates('g-list-city')).Roma, 'S');
  assert.equal(await city.selectAlternative(), true);
  assert.equal((await listStates('g-list-city')).Roma, 'X');
  assert.equal(await city.selectExcluded(), true);
  assert.equal(await city.selectPossible(), true);
  assert.equal(await city.selectAll(), true);
  assert.equal((await listStates('g-list-city')).Atlantis, 'S');
  assert.equal(await city.lowLevelSelect([99], false), false);
  assert.equal(await city.select('No such city'), false);
  await city.select('Oslo');
  assert.equal(await city.lock(), true);
  assert.equal((await listStates('g-list-city')).Oslo, 'L');
  assert.equal(await city.select('Roma'), false, 'a locked field does not select');
  await doc.clearAll();
  assert.equal((await listStates('g-list-city')).Oslo, 'L');
  assert.equal(await city.unlock(), true);
  const product = await doc.getField('Product');
  await product.select('Bread');
  assert.equal(await city.clearAllButThis(), true);
  assert.equal(await city.clear(), true);
  await product.select('(Bread|Cider)');
  assert.equal((await rows('g-table', 7)).length, 4);
  await doc.lockAll();
  await doc.unlockAll();
  await doc.clearAll(true);
  await assert.rejects(doc.getField('No such field'), /Object not found/);
});

test('selections through list objects and cubes', async () => {
  const list = await doc.getObject('g-list-city');
  const [data] = await list.getListObjectData('/qListObjectDef', page(1, 100));
  assert.equal(data.qMatrix.find(([cell]) => cell.qText === 'Oslo')[0].qFrequency, '3');
  const oslo = data.qMatrix.find(([cell]) => cell.qText === 'Oslo')[0].qElemNumber;
  assert.equal(await list.selectListObjectValues('/qListObjectDef', [oslo], false), true);
  assert.equal((await rows('g-table', 7)).length, 3);
  await list.clearSelections('/qListObjectDef');
  assert.equal(await list.searchListObjectFor('/qListObjectDef', 'r'), true);
  const [found] = await list.getListObjectData('/qListObjectDef', page(1, 100));
  assert.deepEqual(texts(found.qMatrix).flat(), ['Göteborg', 'Palermo', 'Roma']);
  await list.acceptListObjectSearch('/qListObjectDef', false);
  assert.equal((await rows('g-table', 7)).length, 3 + 1);
  assert.equal(await list.searchListObjectFor('/qListObjectDef', 'x'), true);
  await list.abortListObjectSearch('/qListObjectDef');
  await list.selectListObjectAll('/qListObjectDef');
  await list.selectListObjectPossible('/qListObjectDef');
  await list.selectListObjectExcluded('/qListObjectDef');
  await list.selectListObjectAlternative('/qListObjectDef');
  await list.selectListObjectValues('/qListObjectDef', [oslo], false);
  await list.lock('/qListObjectDef');
  assert.equal((await listStates('g-list-city')).Oslo, 'L');
  await list.unlock('/qListObjectDef');
  assert.equal((await listStates('g-list-city')).Oslo, 'S');
  await doc.clearAll();
  const bar = await doc.getObject('g-bar');
  assert.equal(await bar.selectHyperCubeValues('/qHyperCubeDef', 0, [oslo], false), true);
  assert.equal((await listStates('g-list-city')).Oslo, 'S');
  await doc.clearAll();
  assert.equal(await bar.selectHyperCubeCells('/qHyperCubeDef', [0, 1], [0], false), true);
  assert.equal(Object.values(await listStates('g-list-city')).filter((state) => state === 'S').length, 2);
  await doc.clearAll();
});

test('one object at a time selects in modal mode', async () => {
  const list = await doc.getObject('g-list-city');
  const other = await doc.getObject('g-list-region');
  await list.beginSelections(['/qListObjectDef']);
  assert.equal(await list.selectListObjectValues('/qListObjectDef', [0], false), true);
  await assert.rejects(other.beginSelections(['/qListObjectDef']), {code: 6003});
  await assert.rejects(other.selectListObjectValues('/qListObjectDef', [0], false), {code: 6003});
  await assert.rejects((await doc.getField('City')).select('Roma'), {code: 6003});
  await list.resetMadeSelections();
  assert.equal((await listStates('g-list-city')).Oslo, 'O');
  await list.selectListObjectValues('/qListObjectDef', [0], false);
  await list.endSelections(false);
  assert.equal((await listStates('g-list-city')).Oslo, 'O', 'not accepted');
  await list.beginSelections(['/qListObjectDef']);
  await list.selectListObjectValues('/qListObjectDef', [0], false);
  await doc.abortModal(true);
  assert.equal((await listStates('g-list-city')).Oslo, 'S', 'accepted');
  await doc.clearAll();
});

test('bookmarks and variables', async () => {
  assert.equal(await doc.applyBookmark('b-north'), true);
  assert.deepEqual(await listStates('g-list-region'), {North: 'S', South: 'A'});
  assert.equal(await doc.applyBookmark('no-such-bookmark'), false);
  const bookmark = await doc.getBookmark('b-large');
  assert.equal((await bookmark.getLayout()).qBookmark.qStateData[0].qFieldItems[0].qDef.qName, 'Product');
  assert.equal(await bookmark.apply(), true);
  assert.equal((await rows('g-table', 7)).length, 4);
  await doc.clearAll();
  const variable = await doc.getVariableByName('vTop');
  assert.equal((await variable.getLayout()).qNum, 3);
  const changed = new Promise((resolve) => variable.once('changed', resolve));
  await variable.setNumValue(7);
  await changed;
  assert.equal(await doc.evaluate('$(vTop)+1'), '8');
  await variable.setStringValue("'x' & 'y'");
  assert.equal(await doc.evaluate('$(vTop)'), 'xy');
  await variable.setDualValue('seven', 7);
  assert.deepEqual((({qText, qNum}) => ({qText, qNum}))(await variable.getLayout()), {qText: 'seven', qNum: 7});
  assert.equal((await (await doc.getVariableById('vTotal')).getLayout()).qNum, 1093.1);
  assert.equal((await variable.getProperties()).qName, 'vTop');
});

test('master items and groups', async () => {
  const cyclic = await doc.getDimension('d-cyclic');
  assert.equal((await cyclic.getDimension()).qGrouping, 'C');
  const before = (await (await doc.getObject('g-cyclic')).getLayout()).qHyperCube.qDimensionInfo[0];
  assert.equal(before.qGroupPos, 0);
  assert.deepEqual(before.qGroupFieldDefs, ['Region', 'Group']);
  await cyclic.stepCycle(1);
  assert.equal((await (await doc.getObject('g-cyclic')).getLayout()).qHyperCube.qDimensionInfo[0].qFallbackTitle, 'Group');
  await cyclic.setActiveField(0);
  assert.equal((await (await doc.getObject('g-cyclic')).getLayout()).qHyperCube.qDimensionInfo[0].qGroupPos, 0);
  assert.equal((await (await doc.getMeasure('m-sales')).getMeasure()).qDef, 'Sum(Amount)');
  await assert.rejects(doc.getMeasure('no-such-measure'), /Object not found/);
  const linked = await doc.getObject('g-linked');
  assert.equal((await linked.getProperties()).qHyperCubeDef, undefined);
  assert.ok((await linked.getEffectiveProperties()).qHyperCubeDef);
  assert.equal((await linked.getLayout()).qExtendsId, 'master-sales');
  assert.equal((await linked.getLayout()).visualization, 'barchart');
  const links = await (await doc.getObject('master-sales')).getLinkedObjects();
  assert.deepEqual(links.map((item) => item.qInfo.qId), ['g-linked', 'g-master-child']);
});

test('pivots expand and collapse', async () => {
  const pivot = await doc.getObject('g-pivot');
  const size = async () => (({qcx, qcy}) => [qcx, qcy])((await pivot.getLayout()).qHyperCube.qSize);
  const collapsed = await size();
  const [first] = await pivot.getHyperCubePivotData('/qHyperCubeDef', page(50, 50));
  assert.equal(first.qLeft[0].qCanExpand, true);
  assert.deepEqual(first.qLeft[0].qSubNodes, [], 'a level in which nothing is expanded is absent');
  await pivot.expandLeft('/qHyperCubeDef', 0, 0, false);
  const [second] = await pivot.getHyperCubePivotData('/qHyperCubeDef', page(50, 50));
  assert.equal(second.qLeft[0].qCanCollapse, true);
  assert.deepEqual(second.qLeft[0].qSubNodes.map((node) => node.qText), ['Göteborg', 'Oslo', 'Total']);
  assert.equal(second.qLeft[1].qSubNodes[0].qElemNo, -4, 'now it is there for the others too');
  assert.equal((await size())[1], collapsed[1] + 2);
  await pivot.expandLeft('/qHyperCubeDef', 0, 0, true);
  assert.ok((await size())[1] > collapsed[1] + 2);
  await pivot.collapseLeft('/qHyperCubeDef', 0, 0, true);
  assert.deepEqual(await size(), collapsed);
  const total = second.qData.at(-1);
  const north = second.qData[2];
  assert.ok(total[0].qNum >= north[0].qNum);
  await assert.rejects(pivot.expandTop('/qHyperCubeDef', 0, 99, false), {code: 8});
  await assert.rejects(pivot.getHyperCubeData('/qHyperCubeDef', page(2, 2)), {code: 6000});
});

test('a pivot begins as its definition says', async () => {
  const {qHyperCubeDef} = await (await doc.getObject('g-pivot')).getEffectiveProperties();
  const shown = async (qExpansionState, act = async () => {}) => {
    const qInfo = {qId: `expansion-${shown.count = (shown.count ?? 0) + 1}`, qType: 'copy'};
    const copy = await doc.createSessionObject({qInfo, qHyperCubeDef: {...qHyperCubeDef, qExpansionState}});
    await act(copy);
    await copy.getLayout();
    const [{qLeft}] = await copy.getHyperCubePivotData('/qHyperCubeDef', page(50, 50));
    await doc.destroySessionObject(qInfo.qId);
    return qLeft.map((node) => [node.qText, node.qSubNodes.filter((below) => below.qElemNo >= 0).length]);
  };
  const [dimension] = qHyperCubeDef.qDimensions[0].qDef.qFieldDefs;
  const layout = await (await doc.getObject('g-pivot')).getLayout();
  assert.equal(layout.qHyperCube.qDimensionInfo[0].qGroupFieldDefs[0], dimension);
  const [{qLeft}] = await (await doc.getObject('g-pivot')).getHyperCubePivotData('/qHyperCubeDef', page(50, 50));
  const mark = (qExcludeList, qElemNo) => ({qExcludeList, qPos: {qDimName: dimension, qElemNo, qElemValues: []}});
  const first = qLeft[0].qElemNo;

  const collapsed = await shown([]);
  assert.ok(collapsed.every(([, below]) => below === 0));
  const one = await shown([mark(false, [first])]);
  assert.ok(one[0][1] > 0);
  assert.ok(one.slice(1).every(([, below]) => below === 0));
  assert.deepEqual(one, await shown([], (copy) => copy.expandLeft('/qHyperCubeDef', 0, 0, false)));
  const rest = await shown([mark(true, [first])]);
  assert.equal(rest[0][1], 0);
  assert.ok(rest.slice(1).some(([, below]) => below > 0));
  // What a session changes starts from the definition.
  assert.deepEqual(await shown([mark(false, [first])], (copy) => copy.collapseLeft('/qHyperCubeDef', 0, 0, false)), collapsed);
  assert.deepEqual(await shown([mark(true, [first])], (copy) => copy.expandLeft('/qHyperCubeDef', 0, 0, false)),
    await shown([mark(true, [])]));
});

test('stacks and trees', async () => {
  const treemap = await doc.getObject('g-treemap');
  const [stack] = await treemap.getHyperCubeStackData('/qHyperCubeDef', page(3, 100));
  const root = stack.qData[0];
  assert.equal(root.qType, 'R');
  assert.equal(root.qSubNodes[0].qType, 'T');
  assert.equal(root.qSubNodes[0].qSubNodes[0].qType, 'E');
  const grid = await doc.getObject('g-grid');
  const nodes = await grid.getHyperCubeTreeData('/qHyperCubeDef', {qMaxNbrOfNodes: 0, qTreeNodes: [], qTreeLevels: {qLeft: 0, qDepth: -1}});
  assert.equal(nodes[0].qNodes.length, 3);
  assert.equal(nodes[0].qNodes[0].qNodes.length, 2);
  // Leaves have the values; the nodes above them only what is positive below.
  for (const node of nodes[0].qNodes) {
    assert.deepEqual(node.qValues, []);
    const sum = node.qNodes.reduce((total, leaf) => total + Math.max(leaf.qValues[0].qValue, 0), 0);
    assert.ok(Math.abs(sum - node.qMaxPos[0]) < 1e-9);
  }
  assert.deepEqual(await grid.getHyperCubeTreeData('/qHyperCubeDef', {qMaxNbrOfNodes: 2}), [], 'too many nodes: nothing, not a part');
});

test('children and containers', async () => {
  const pane = await doc.getObject('g-filter');
  assert.deepEqual((await pane.getChildInfos()).map((info) => info.qId), ['g-list-region', 'g-list-city']);
  assert.equal((await pane.getChild('g-list-city')).id, 'g-list-city');
  assert.equal((await (await pane.getChild('g-list-city')).getParent()).id, 'g-filter');
  assert.equal((await pane.getFullPropertyTree()).qChildren.length, 2);
  const container = await (await doc.getObject('g-container')).getLayout();
  assert.deepEqual(container.children.map((child) => child.refId), container.qChildList.qItems.map((item) => item.qData.containerChildId));
  assert.equal(container.children[1].condition, '0');
  assert.equal((await doc.getObjects({qTypes: ['barchart'], qData: {}})).length, 5);
});

test('patches on properties are soft or the session\'s own', async () => {
  const table = await doc.getObject('g-table');
  await table.applyPatches([{qOp: 'replace', qPath: '/title', qValue: '"Patched"'}], true);
  assert.equal((await table.getLayout()).title, 'Patched');
  assert.equal((await table.getProperties()).title, 'Orders');
  assert.equal((await table.getEffectiveProperties()).title, 'Patched');
  await table.clearSoftPatches();
  assert.equal((await table.getLayout()).title, 'Orders');
  await assert.rejects(table.applyPatches([{qOp: 'remove', qPath: '/title', qValue: ''}], false), {code: 5});
  await sessionObject({a: [1]}, async (object) => {
    await object.applyPatches([{qOp: 'add', qPath: '/a/-', qValue: '2'}], false);
    assert.deepEqual((await object.getLayout()).a, [1, 2]);
    await object.setProperties({qInfo: {qId: object.id, qType: 'test'}, b: {qStringExpression: "='x' & Count(Order)"}});
    assert.equal((await object.getLayout()).b, 'x10');
  });
});

test('alternate states', async () => {
  assert.deepEqual((await doc.getAppLayout()).qStateNames, ['Other']);
  const city = await doc.getField('City', 'Other');
  await city.select('Oslo');
  assert.deepEqual((await rows('g-state', 2)).map((row) => row[0]), ['Oslo']);
  assert.equal((await rows('g-table', 7)).length, 12);
  await doc.clearAll(false, 'Other');
  await doc.addSessionAlternateState('Mine');
  await assert.rejects(doc.addSessionAlternateState('Mine'), {code: 3});
  assert.equal(await doc.removeSessionAlternateState('Mine'), true);
  assert.equal(await doc.removeSessionAlternateState('Mine'), false);
});

test('a reload moves the reload time and is told by GetProgress while it lasts', async () => {
  const before = (await doc.getAppLayout()).qLastReloadTime;
  const reload = doc.doReload(0, false, false);
  const progress = await global.getProgress(reload.requestId);
  assert.equal(progress.qFinished ?? false, false);
  assert.equal(await reload, true);
  assert.notEqual((await doc.getAppLayout()).qLastReloadTime, before);
  assert.equal((await doc.doReloadEx({})).qSuccess, true);
  const unknown = await global.getProgress(4711);
  assert.equal(unknown.qFinished, true);
  await doc.doSave();
});

test('exported data has the rows of the cube', async () => {
  const table = await doc.getObject('g-table');
  const exported = await table.exportData('CSV_C', '/qHyperCubeDef', '', 'P', true);
  assert.match(exported.qUrl, /^\/tempcontent\//);
  assert.deepEqual(exported.qWarnings, []);
  assert.match((await table.exportData('OOXML', '/qHyperCubeDef')).qUrl, /\.xlsx$/);
  await assert.rejects(table.exportData('PDF', '/qHyperCubeDef'), {code: 8});
});

test('every reply had the members Qlik\'s schema names', () => {
  check.finish();
  assert.ok(check.seen.size > 95, `only ${check.seen.size} methods were called`);
});
