// Pages from other origins, in a real browser: they can neither call a tool
// nor read an answer; a page from a listed origin can.
import http from 'node:http';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { assert, check, equal, sample, serve, temporary, within } from './lib.mjs';

async function pages() {
  const server = http.createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>a page</title>'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const [listed, other] = [await pages(), await pages()];
const origin = (server, host = '127.0.0.1') => `http://${host}:${server.address().port}`;

const flags = ['-allowed-origins', origin(listed)];
const auth = 'a-bearer-token-for-tests';
const servers = { http: await serve('http', flags), sse: await serve('sse', flags) };
const closed = await serve('http', flags, { PGY_MCP_AUTH_TOKEN: auth });

const browser = await within(30, chromium.launchPersistentContext(temporary(), {
  executablePath: '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--host-resolver-rules=MAP rebound.test 127.0.0.1'],
}), 'starting the browser');

// attempt runs in the page: every way a page has of reaching a server.
async function attempt({ base, endpoint, body }) {
  const read = {};
  const tryFetch = async (name, url, options) => {
    try {
      const r = await fetch(url, options);
      const text = await r.text();
      if (r.type !== 'opaque' && r.ok && text) read[name] = text.slice(0, 100);
    } catch {
      // refused, as it should be
    }
  };
  const loads = (element) => new Promise((done) => {
    element.onload = () => done(true);
    element.onerror = () => done(false);
    document.body.append(element);
  });
  const message = base + endpoint;
  await tryFetch('a simple POST', message, { method: 'POST', body, headers: { 'Content-Type': 'text/plain' } });
  await tryFetch('a POST without CORS', message, { method: 'POST', body, mode: 'no-cors' });
  await tryFetch('a preflighted POST', message, { method: 'POST', body, headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' } });
  await tryFetch('a blob of JSON', message, { method: 'POST', body: new Blob([body], { type: 'application/json' }), mode: 'no-cors' });
  navigator.sendBeacon(message, body);
  for (const path of ['/mcp', '/sse', '/metrics', '/healthz']) {
    await tryFetch(path, base + path, { signal: AbortSignal.timeout(1000) });
    await tryFetch(`${path} without CORS`, base + path, { signal: AbortSignal.timeout(1000), mode: 'no-cors' });
  }
  await new Promise((done) => {
    const events = new EventSource(base + '/sse');
    const end = () => (events.close(), done());
    events.onerror = end;
    events.addEventListener('endpoint', (e) => ((read['an event stream'] = e.data), end()));
  });
  for (const path of ['/metrics', '/healthz', '/mcp']) {
    const script = Object.assign(document.createElement('script'), { src: base + path });
    if (await loads(script)) read[`a script of ${path}`] = 'loaded';
  }
  for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const frame = Object.assign(document.createElement('iframe'), { name: enctype });
    await loads(frame); // its empty page
    const form = Object.assign(document.createElement('form'), { action: message, method: 'POST', enctype, target: enctype });
    form.append(Object.assign(document.createElement('input'), { name: body.slice(0, -1) + ',"x":"', value: '"}' }));
    document.body.append(form);
    const answered = new Promise((done) => (frame.onload = done));
    form.submit();
    await answered;
  }
  return read;
}

// visit runs attempt in a page and gives what it read, and what the server let
// pass of it, whether the page could read it or not.
async function visit(address, server, endpoint) {
  const tab = await browser.newPage();
  try {
    const passed = [];
    tab.on('response', (r) => {
      if (r.url().startsWith(server.base) && r.status() !== 403) passed.push(`${r.status()} ${r.request().method()} ${new URL(r.url()).pathname}`);
    });
    await tab.goto(address);
    const base = address.includes('rebound') ? new URL(address).origin : server.base;
    const read = await tab.evaluate(attempt, { base, endpoint, body });
    return { read, passed };
  } finally {
    await tab.close();
  }
}

const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_blogger_profile', arguments: { userId: sample } } };
const body = JSON.stringify(call);

// openSession is a session that a page could never know: only the guard is
// left to refuse it.
async function openSession({ base, url }) {
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  const { value } = await response.body.getReader().read();
  const endpoint = /data: (\S+)/.exec(new TextDecoder().decode(value))[1];
  const answer = await fetch(base + endpoint, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
  equal(answer.status, 202, 'status of a message of our own');
  return { endpoint, close: () => abort.abort() };
}

for (const [transport, server] of Object.entries(servers)) {
  const session = transport === 'sse' ? await openSession(server) : { endpoint: '/mcp', close() {} };
  for (const [what, address] of [
    ['another site', origin(other, 'localhost')],
    ['another port', origin(other)],
    ['a listed port under another name', origin(listed, 'localhost')],
    ['a name that was rebound to loopback', `http://rebound.test:${new URL(server.base).port}/healthz`],
  ]) {
    await check(`browser: a page of ${what} reaches nothing over ${transport}`, async () => {
      // /healthz says no more than ok, and takes any Host, since probes call by address.
      const read = what.includes('rebound') ? { '/healthz': 'ok', '/healthz without CORS': 'ok' } : {};
      equal(await visit(address, server, session.endpoint), { read, passed: [] }, 'what it read and what passed');
      equal(await server.calls(), 0, 'calls');
    });
  }
  session.close();
}

// listedPage runs a function in a page of the listed origin.
async function listedPage(run, argument) {
  const tab = await browser.newPage();
  try {
    await tab.goto(origin(listed));
    return await tab.evaluate(run, argument);
  } finally {
    await tab.close();
  }
}

async function postAndRead({ url, headers, message }) {
  const r = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers }, body: JSON.stringify(message) });
  return { status: r.status, challenge: r.headers.get('WWW-Authenticate'), text: await r.text() };
}

const modern = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
const withMeta = (_meta) => ({ ...call, params: { ...call.params, _meta } });

for (const [era, headers, meta] of [
  ['2025-11-25', { 'Mcp-Protocol-Version': '2025-11-25' }, {}],
  ['2026-07-28', { 'Mcp-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'get_blogger_profile' }, modern],
]) {
  await check(`browser: a page of a listed origin calls and reads over http ${era}`, async () => {
    const before = await servers.http.calls();
    const r = await listedPage(postAndRead, { url: servers.http.url.href, headers, message: withMeta({ ...meta, progressToken: 1 }) });
    assert(r.status === 200 && r.text.includes('notifications/progress') && r.text.includes('"structuredContent"'), JSON.stringify(r).slice(0, 500));
    equal(await servers.http.calls(), before + 1, 'calls');
  });
}

await check('browser: a page of a listed origin calls and reads over sse', async () => {
  const text = await listedPage(({ base, body }) => new Promise((done, failed) => {
    const events = new EventSource(base + '/sse');
    events.onerror = () => failed(new Error('the stream ended'));
    events.addEventListener('endpoint', (e) => fetch(base + e.data, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body }).catch(failed));
    events.addEventListener('message', (e) => (events.close(), done(e.data)));
  }), { base: servers.sse.base, body });
  assert(text.includes('"structuredContent"'), text.slice(0, 500));
  equal(await servers.sse.calls(), 1, 'calls');
});

await check('browser: a page of a listed origin shows its bearer token', async () => {
  const ask = (headers) => listedPage(postAndRead, { url: closed.url.href, headers, message: call });
  const [without, with_] = [await ask({}), await ask({ Authorization: `Bearer ${auth}` })];
  equal([without.status, without.challenge?.split(' ')[0]], [401, 'Bearer'], 'without a token: status, challenge');
  assert(with_.status === 200 && with_.text.includes('"structuredContent"'), JSON.stringify(with_).slice(0, 500));
  equal(await closed.calls(), 1, 'calls');
});

await browser.close();
await Promise.all([...Object.values(servers), closed].map((s) => s.stop()));
process.exit();
