// The front door in proxy mode: every way in, and every refusal.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import os from 'node:os';
import path from 'node:path';
import {after, test} from 'node:test';

import enigma from 'enigma.js';
import WebSocket from 'ws';

import {certificates, schema, Simulator} from './engine.mjs';

const running = [];
async function start(...args) {
  const simulator = await Simulator.start('--gallery', '--proxy', ...args);
  running.push(simulator);
  return simulator;
}
after(async () => {
  for (const simulator of running) await simulator.stop();
});

const {ca, cert, key} = certificates();

function request(simulator, route, {method = 'GET', headers = {}, body, withCertificate = false} = {}) {
  return new Promise((resolve, reject) => {
    const options = {host: 'localhost', port: simulator.port, path: route, method, headers, ca, ...(withCertificate ? {cert, key} : {})};
    const sent = https.request(options, (response) => {
      let text = '';
      response.on('data', (piece) => text += piece);
      response.on('end', () => resolve({status: response.statusCode, headers: response.headers, body: text}));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

// Opens a session and tells whom the engine takes the user for, or the HTTP status of the refusal.
async function enter(simulator, route, headers = {}) {
  let refused;
  const session = enigma.create({
    schema,
    url: `wss://localhost:${simulator.port}${route}`,
    createSocket: (url) => {
      const socket = new WebSocket(url, {ca, headers});
      socket.on('unexpected-response', (_, response) => {
        refused = response.statusCode;
        socket.emit('error', new Error(`HTTP ${refused}`));
      });
      return socket;
    },
  });
  const notifications = [];
  session.on('notification:*', (name, data) => notifications.push([name, data]));
  try {
    const global = await session.open();
    const user = await global.getAuthenticatedUser();
    await session.close();
    return {user, notifications};
  } catch (error) {
    if (refused === undefined) throw error;
    return {refused};
  }
}

test('header authentication under a prefix', async () => {
  const simulator = await start('--proxy-prefix', 'portal', '--proxy-header', 'X-Portal-User', '--proxy-user-directory', 'CORP');
  const inside = await enter(simulator, '/portal/app/gallery', {'X-Portal-User': 'anna'});
  assert.equal(inside.user, 'UserDirectory=CORP; UserId=anna');
  assert.equal(inside.notifications[0][0], 'OnAuthenticationInformation');
  assert.equal(inside.notifications[0][1].mustAuthenticate, false);
  assert.equal((await enter(simulator, '/portal/app/gallery')).refused, 401);
  assert.equal((await enter(simulator, '/other/app/gallery', {'X-Portal-User': 'anna'})).refused, 400);
  assert.match((await request(simulator, '/other/app/gallery')).body, /<h1>/, 'a page for people');
});

test('the proxy may speak of the user only after the first call, or never', async () => {
  const later = await start('--proxy-header', 'X-User', '--proxy-tells', 'after-call');
  const told = await enter(later, '/app/gallery', {'X-User': 'anna'});
  assert.deepEqual(told.notifications.map(([name]) => name), ['OnConnected', 'OnAuthenticationInformation']);
  const silent = await start('--proxy-header', 'X-User', '--proxy-tells', 'never');
  assert.deepEqual((await enter(silent, '/app/gallery', {'X-User': 'anna'})).notifications.map(([name]) => name), ['OnConnected']);
});

test('JWT, verified with the public key', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'qonduit-jwt-'));
  const pair = crypto.generateKeyPairSync('rsa', {modulusLength: 2048});
  const publicKey = path.join(folder, 'public.pem');
  fs.writeFileSync(publicKey, pair.publicKey.export({type: 'spki', format: 'pem'}));
  const simulator = await start('--proxy-jwt-key', publicKey);
  const token = (claims, by = pair.privateKey) => {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const text = `${part({alg: 'RS256', typ: 'JWT'})}.${part(claims)}`;
    return `${text}.${crypto.sign('RSA-SHA256', Buffer.from(text), by).toString('base64url')}`;
  };
  const claims = {userDirectory: 'JWT', userId: 'anna', exp: Math.floor(Date.now() / 1000) + 60};
  const bearer = (value) => ({Authorization: `Bearer ${value}`});
  assert.equal((await enter(simulator, '/app/gallery', bearer(token(claims)))).user, 'UserDirectory=JWT; UserId=anna');
  assert.equal((await enter(simulator, '/app/gallery', bearer(token({...claims, exp: 1000})))).refused, 400, 'expired');
  const other = crypto.generateKeyPairSync('rsa', {modulusLength: 2048});
  assert.equal((await enter(simulator, '/app/gallery', bearer(token(claims, other.privateKey)))).refused, 400, 'signed by another');
  assert.equal((await enter(simulator, '/app/gallery', bearer('not.a.token'))).refused, 400, 'no token at all');
  assert.equal((await enter(simulator, '/app/gallery')).refused, 401, 'without one');
  fs.rmSync(folder, {recursive: true});
});

test('tickets are for callers with a certificate, and for one use', async () => {
  const simulator = await start('--proxy-prefix', 'portal', '--proxy-tickets');
  const ask = (options = {}) => request(simulator, `/qps/portal/ticket?xrfkey=${options.query ?? '0123456789abcdef'}`, {
    method: 'POST',
    headers: {'X-Qlik-Xrfkey': '0123456789abcdef', 'Content-Type': 'application/json'},
    body: JSON.stringify(options.body ?? {UserDirectory: 'CORP', UserId: 'anna', Attributes: []}),
    withCertificate: options.withCertificate ?? true,
  });
  assert.equal((await ask({withCertificate: false})).status, 403);
  assert.equal((await ask({query: 'fedcba9876543210'})).status, 400);
  assert.equal((await ask({body: {UserId: 'anna'}})).status, 400);
  const made = await ask();
  assert.equal(made.status, 201);
  const {Ticket: ticket} = JSON.parse(made.body);
  assert.equal((await enter(simulator, `/portal/app/gallery?QlikTicket=${ticket}`)).user, 'UserDirectory=CORP; UserId=anna');
  assert.equal((await enter(simulator, `/portal/app/gallery?QlikTicket=${ticket}`)).refused, 401, 'used');
});

test('API keys and OAuth tokens of a tenant', async () => {
  const simulator = await start('--proxy-api-key', 'key-1', '--proxy-oauth', 'client:secret');
  const bearer = (value) => ({Authorization: `Bearer ${value}`});
  assert.match((await enter(simulator, '/app/gallery', bearer('key-1'))).user, /UserId=api-key/);
  assert.equal((await enter(simulator, '/app/gallery', bearer('key-2'))).refused, 401);
  const ask = (body) => request(simulator, '/oauth/token', {method: 'POST', body: JSON.stringify(body)});
  const made = await ask({client_id: 'client', client_secret: 'secret', grant_type: 'client_credentials', scope: 'user_default'});
  assert.equal(made.status, 200);
  assert.match((await enter(simulator, '/app/gallery', bearer(JSON.parse(made.body).access_token))).user, /UserId=client/);
  assert.equal((await ask({client_id: 'client', client_secret: 'wrong', grant_type: 'client_credentials'})).status, 401);
  assert.equal((await ask({client_id: 'client', client_secret: 'secret', grant_type: 'password'})).status, 400);
});

test('the upgrade needs the token against cross-site requests as a query parameter, with the session\'s cookie', async () => {
  const simulator = await start('--proxy-prefix', 'portal', '--proxy-header', 'X-User', '--proxy-csrf');
  assert.equal((await enter(simulator, '/portal/app/gallery', {'X-User': 'anna'})).refused, 403);
  assert.equal((await request(simulator, '/portal/qps/csrftoken')).status, 401);
  const made = await request(simulator, '/portal/qps/csrftoken', {headers: {'X-User': 'anna'}});
  assert.equal(made.status, 204);
  const token = made.headers['qlik-csrf-token'];
  const [cookie] = made.headers['set-cookie'][0].split(';');
  assert.match(cookie, /^X-Qlik-Session-portal=/);
  assert.match((await enter(simulator, `/portal/app/gallery?qlik-csrf-token=${token}`, {Cookie: cookie})).user, /UserId=anna/);
  assert.equal((await enter(simulator, '/portal/app/gallery', {Cookie: cookie, 'qlik-csrf-token': token})).refused, 403, 'not as a header');
  const older = await start('--proxy-header', 'X-User');
  assert.equal((await request(older, '/qps/csrftoken', {headers: {'X-User': 'anna'}})).status, 404, 'older servers have none');
});

test('hosts that are not on the list are refused', async () => {
  const simulator = await start('--proxy-header', 'X-User', '--proxy-allow', 'qlik.example.com');
  assert.equal((await enter(simulator, '/app/gallery', {'X-User': 'anna'})).refused, 403);
  assert.match((await enter(simulator, '/app/gallery', {'X-User': 'anna', Host: 'qlik.example.com'})).user, /anna/);
});
