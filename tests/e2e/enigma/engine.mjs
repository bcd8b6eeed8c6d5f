// The simulator as a process with mutual TLS, and Qlik's own client to talk to it.
import {execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import fs from 'node:fs';
import {createRequire} from 'node:module';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';

import enigma from 'enigma.js';
import WebSocket from 'ws';

const require = createRequire(import.meta.url);
export const schema = require('enigma.js/schemas/12.2027.0.json');

// What the build says: CMake sets these.
export const simulatorBinary = process.env.QONDUIT_SIMULATOR;
const sourceFolder = process.env.QONDUIT_SOURCE_DIR;
if (!simulatorBinary || !sourceFolder) throw new Error('set QONDUIT_SIMULATOR and QONDUIT_SOURCE_DIR; ctest -L e2e does');

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'qonduit-enigma-'));
process.on('exit', () => fs.rmSync(scratch, {recursive: true, force: true}));

let madeCertificates;
export function certificates() {
  if (!madeCertificates) {
    const folder = path.join(scratch, 'certs');
    execFileSync('/bin/bash', [path.join(sourceFolder, 'certs/make-dev-certs.sh'), folder], {stdio: 'pipe'});
    const read = (name) => fs.readFileSync(path.join(folder, name));
    madeCertificates = {folder, ca: read('root.pem'), cert: read('client.pem'), key: read('client_key.pem')};
  }
  return madeCertificates;
}

let madeDemo;
export function demoApp() {
  if (!madeDemo) {
    madeDemo = path.join(scratch, 'demo');
    execFileSync(simulatorBinary, ['make-demo', madeDemo], {stdio: 'pipe'});
  }
  return madeDemo;
}

let started = 0;
export class Simulator {
  static async start(...args) {
    const portFile = path.join(scratch, `port-${++started}`);
    const simulator = new Simulator();
    simulator.log = '';
    simulator.process =
        spawn(simulatorBinary, ['--port', '0', '--port-file', portFile, '--certs', certificates().folder, ...args], {stdio: 'pipe'});
    simulator.process.stdout.on('data', (text) => simulator.log += text);
    simulator.process.stderr.on('data', (text) => simulator.log += text);
    for (;;) {
      if (simulator.process.exitCode !== null) throw new Error(`the simulator ended: ${simulator.log}`);
      const port = fs.existsSync(portFile) ? fs.readFileSync(portFile, 'utf8').trim() : '';
      if (port) {
        simulator.port = Number(port);
        return simulator;
      }
      await pause(5);
    }
  }

  async stop() {
    if (this.process.exitCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill();
      await ended;
    }
  }

  socketOptions(user) {
    const {ca, cert, key} = certificates();
    return {ca, cert, key, headers: {'X-Qlik-User': user}};
  }

  // A GET with the client certificate.
  get(route, headers) {
    const {ca, cert, key} = certificates();
    return new Promise((resolve, reject) => {
      https.get({host: 'localhost', port: this.port, path: route, ca, cert, key, headers}, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text) => body += text);
        response.on('end', () => resolve({status: response.statusCode, headers: response.headers, body}));
      }).on('error', reject);
    });
  }

  // Route: what follows the port, such as app/NAME.
  session({route = 'app/engineData', user = 'UserDirectory=INTERNAL; UserId=sa_api', ...config} = {}) {
    return enigma.create({
      schema,
      url: `wss://localhost:${this.port}/${route}`,
      createSocket: (url) => new WebSocket(url, this.socketOptions(user)),
      ...config,
    });
  }
}
