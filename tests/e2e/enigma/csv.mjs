// Rows of an RFC 4180 file as objects: the tests' own reading of the data that the simulator serves.
import fs from 'node:fs';

export function readCsv(file) {
  const text = fs.readFileSync(file, 'utf8');
  const rows = [];
  let row = [''];
  let quoted = false;
  for (let i = 0; i < text.length; ++i) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') row[row.length - 1] += c;
      else if (text[i + 1] === '"') row[row.length - 1] += text[++i];
      else quoted = false;
    } else if (c === '"') {
      quoted = true;
    } else if (c === ',') {
      row.push('');
    } else if (c === '\n') {
      rows.push(row);
      row = [''];
    } else if (c !== '\r') {
      row[row.length - 1] += c;
    }
  }
  if (row.length > 1 || row[0] !== '') rows.push(row);
  const names = rows.shift();
  return rows.map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]])));
}
