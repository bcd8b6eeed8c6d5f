// Holds every reply to Qlik's own schema: a method exists on the type of its handle, and its result has the members the schema names.
import assert from 'node:assert/strict';

import {schema} from './engine.mjs';

// Watches one session. seen: the methods that were answered, as Type.Method.
export class SchemaCheck {
  constructor(session) {
    this.seen = new Set();
    this.problems = [];
    this.pending = new Map();
    this.types = new Map([[-1, 'Global']]);
    session.on('traffic:sent', (message) => this.pending.set(message.id, message));
    session.on('traffic:received', (message) => this.received(message));
  }

  received(message) {
    const request = this.pending.get(message.id);
    if (!request) return;
    this.pending.delete(message.id);
    const type = this.types.get(request.handle);
    const name = `${type}.${request.method}`;
    const method = schema.structs[type]?.[request.method];
    if (!method) this.problems.push(`${name} is not in the schema`);
    if (message.error) {
      for (const member of ['code', 'parameter', 'message'])
        if (!(member in message.error)) this.problems.push(`${name}: the error has no ${member}`);
      return;
    }
    this.seen.add(name);
    const members = Object.keys(message.result);
    const named = (method?.Out ?? []).map((out) => out.Name);
    for (const out of named)
      if (!members.includes(out)) this.problems.push(`${name}: the result has no ${out}, only ${members}`);
    for (const member of members)
      if (!named.includes(member) && member !== 'qReturn') this.problems.push(`${name}: the schema has no ${member}`);
    const answered = message.result.qReturn;
    const value = Array.isArray(answered) ? answered[0]?.value : answered;
    if (value && typeof value === 'object' && value.qHandle !== undefined && value.qHandle !== null) this.types.set(value.qHandle, value.qType);
  }

  finish() {
    assert.deepEqual(this.problems, []);
  }
}

// Layouts carry enumerations as their wire names.
const letters = {
  qMode: ['S', 'P', 'K', 'T', 'D'],
  qSortIndicator: ['N', 'A', 'D'],
  qDimensionType: ['D', 'N', 'T'],
  qGrouping: ['N', 'H', 'C'],
  qState: ['L', 'S', 'O', 'D', 'A', 'X', 'XS', 'XL'],
};
export function checkEnumerations(value, where = '') {
  if (Array.isArray(value)) {
    value.forEach((item, i) => checkEnumerations(item, `${where}/${i}`));
  } else if (value && typeof value === 'object') {
    for (const [name, inner] of Object.entries(value)) {
      if (letters[name] && typeof inner === 'string') assert.ok(letters[name].includes(inner), `${where}/${name} is ${inner}`);
      checkEnumerations(inner, `${where}/${name}`);
    }
  }
}
