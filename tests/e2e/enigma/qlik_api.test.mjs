// Qlik's newest client, which no one here wrote, with ten users at random. QONDUIT_USERS_SECONDS=180 makes it long.
import assert from 'node:assert/strict';
import {execFile} from 'node:child_process';
import path from 'node:path';
import {test} from 'node:test';
import {promisify} from 'node:util';

import {certificates, Simulator} from './engine.mjs';

test('ten users of @qlik/api act at random without an error', async () => {
  const seconds = Number(process.env.QONDUIT_USERS_SECONDS ?? 5);
  const simulator = await Simulator.start('--gallery', '--proxy', '--proxy-api-key', 'key-1');
  try {
    const {stdout} = await promisify(execFile)(process.execPath, ['qlik_api_users.mjs', simulator.port, 10, seconds, 1].map(String), {
      env: {...process.env, NODE_EXTRA_CA_CERTS: path.join(certificates().folder, 'root.pem')},
      timeout: (seconds + 60) * 1000,
    });
    const {done, errors} = JSON.parse(stdout.trim().split('\n').at(-1));
    console.log(JSON.stringify(done));
    assert.deepEqual(errors, []);
    for (const name of ['select', 'look', 'clear', 'back', 'bookmark', 'evaluate']) assert.ok(done[name] > 10, `${name}: ${done[name]}`);
  } finally {
    await simulator.stop();
  }
});
