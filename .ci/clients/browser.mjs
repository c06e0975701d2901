// A page from another origin, in a real browser: it can neither call a tool
// nor read an answer; a page from a listed origin can.
import http from 'node:http';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { assert, check, equal, sample, serve, temporary } from './lib.mjs';

const page = http.createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>a page</title>'));
page.listen(0, '127.0.0.1');
await once(page, 'listening');
const port = page.address().port;

const origins = { listed: `http://127.0.0.1:${port}`, other: `http://localhost:${port}` };
const flags = ['-upstream', 'sample', '-allowed-origins', origins.listed];
const servers = { http: await serve('http', flags), sse: await serve('sse', flags) };

const browser = await chromium.launchPersistentContext(temporary(), {
  executablePath: '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});

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
  const message = base + endpoint;
  await tryFetch('a simple POST', message, { method: 'POST', body, headers: { 'Content-Type': 'text/plain' } });
  await tryFetch('a POST without CORS', message, { method: 'POST', body, mode: 'no-cors' });
  await tryFetch('a preflighted POST', message, { method: 'POST', body, headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' } });
  await tryFetch('a blob of JSON', message, { method: 'POST', body: new Blob([body], { type: 'application/json' }), mode: 'no-cors' });
  navigator.sendBeacon(message, body);
  for (const path of ['/mcp', '/sse', '/metrics', '/healthz']) await tryFetch(path, base + path, { signal: AbortSignal.timeout(1000) });
  await new Promise((done) => {
    const events = new EventSource(base + '/sse');
    const end = () => (events.close(), done());
    events.onopen = events.onerror = end;
    events.addEventListener('endpoint', (e) => ((read['an event stream'] = e.data), end()));
  });
  await new Promise((done) => {
    const frame = document.createElement('iframe');
    frame.name = 'target';
    frame.onload = done;
    document.body.append(frame);
    const form = document.createElement('form');
    Object.assign(form, { action: message, method: 'POST', enctype: 'text/plain', target: 'target' });
    const field = document.createElement('input');
    Object.assign(field, { name: body.slice(0, -1) + ',"x":"', value: '"}' });
    form.append(field);
    document.body.append(form);
    form.submit();
    setTimeout(done, 1500);
  });
  await new Promise((done) => {
    const script = document.createElement('script');
    script.src = base + '/metrics';
    script.onload = () => ((read['a script'] = 'loaded'), done());
    script.onerror = done;
    document.body.append(script);
  });
  return read;
}

const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'get_blogger_profile', arguments: { userId: sample } } });

for (const [transport, endpoint] of [['http', '/mcp'], ['sse', '/message?sessionId=guess']]) {
  const server = servers[transport];
  await check(`browser: a page of another origin reaches nothing over ${transport}`, async () => {
    const tab = await browser.newPage();
    await tab.goto(origins.other);
    equal(await tab.evaluate(attempt, { base: server.base, endpoint, body }), {}, 'what it read');
    equal(await server.calls(), 0, 'calls');
    await tab.close();
  });
}

await check('browser: a page of a listed origin calls and reads over http', async () => {
  const tab = await browser.newPage();
  await tab.goto(origins.listed);
  const read = await tab.evaluate(attempt, { base: servers.http.base, endpoint: '/mcp', body });
  assert(read['a preflighted POST']?.includes('"jsonrpc"'), `it read ${JSON.stringify(read)}`);
  equal(await servers.http.calls(), 1, 'calls');
  await tab.close();
});

await browser.close();
await servers.http.stop();
await servers.sse.stop();
page.close();
process.exit();
