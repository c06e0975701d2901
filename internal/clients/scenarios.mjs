// What the soak does to the servers: an upstream of many manners, and clients
// that call, refuse to read, die and vanish. A scenario is its weight and what
// it does; it fails where an answer is not as it should be.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { assert, binary, environment, equal, recorded, root, sample, sleep, track, within } from './lib.mjs';

export const random = (n) => Math.floor(Math.random() * n);
const pick = (list) => list[random(list.length)];

// The upstream: the digit after the f of an id says how its look-ups go; other
// ids are found.
const record = readFileSync(join(root, '../../testdata/upstream', `${sample}.json`), 'utf8');
export const requests = new Map(); // by id
const profile = (id) => record.replaceAll(sample, id);
const json = (response, body) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
const manners = {
  0: async (id, response) => (await sleep(random(100)), json(response, profile(id))),
  1: async (id, response) => (await sleep(500 + random(2500)), json(response, profile(id))),
  2: async (id, response) => json(response, requests.get(id) < 2 ? '{"code":301,"data":null}' : profile(id)),
  3: async (_, response) => json(response, '{"code":500,"data":null}'),
  4: async (id, response) => (response.writeHead(200, { 'Content-Length': 9999 }), response.write(profile(id)), await sleep(10), response.destroy()),
  5: async (_, response) => response.destroy(),
  6: async (_, response) => json(response, '{"code":0,"data":null}'),
  7: async (_, response) => response.writeHead(502).end('<html>bad gateway</html>'),
  8: async (id, response) => json(response, `{"code":0,"data":{"userId":"${id}","name":"${'x'.repeat(1 << 20)}"}}`),
};
const upstream = http.createServer((request, response) => {
  const id = new URL(request.url, 'http://upstream').searchParams.get('userId');
  requests.set(id, (requests.get(id) ?? 0) + 1);
  void manners[id[0] === 'f' ? id[1] : 0](id, response);
});
upstream.listen(0, '127.0.0.1');
await once(upstream, 'listening');

let made = 0;
const fresh = (manner) => `f${manner}${String(++made).padStart(22, '0')}`;
const found = () => fresh(pick('001'));
const failing = () => fresh(pick('34567'));

// A small cache, so that it overflows; a rate that leaves enough ports free.
export const flags = ['-upstream', `http://127.0.0.1:${upstream.address().port}`, '-rate', '300', '-wait', '1s', '-cache-size', '500'];
export const env = { JUSTONEAPI_TOKEN: 'dummy-token-for-tests' };

const modernMeta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
const modernHeaders = (name) => ({ 'Mcp-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': name });
let ids = 0;
const call = (name, given, meta = {}) => ({ jsonrpc: '2.0', id: ++ids, method: 'tools/call', params: { name, arguments: given, _meta: { progressToken: ids, ...meta } } });
const profileCall = (userId, more = {}) => call('get_blogger_profile', { userId, ...more });

export const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
const jsonHeaders = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };

function post(url, message, headers = {}) {
  const body = typeof message === 'string' ? message : JSON.stringify(message);
  return new Promise((done, failed) => {
    const r = http.request(url, { method: 'POST', agent, headers: { ...jsonHeaders, 'Content-Length': Buffer.byteLength(body), ...headers } }, async (response) => {
      try {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        done({ status: response.statusCode, text });
      } catch (e) {
        failed(e);
      }
    });
    r.on('error', failed);
    r.end(body);
  });
}

// result takes the answer out of a body, which may be an event stream.
function result({ status, text }) {
  assert(status === 200, `status ${status}: ${text.slice(0, 300)}`);
  const last = text.startsWith('event:') ? text.trimEnd().split('\n').at(-1).slice('data: '.length) : text;
  const m = JSON.parse(last);
  assert(m.result, `no result: ${last.slice(0, 300)}`);
  return m.result;
}

const kinds = new Set(['pending', 'upstream_error', 'bad_response', 'not_found', 'unreachable', 'collection_failed', 'invalid_argument']);
function judge(r) {
  if (r.isError) assert(kinds.has(r.content[0].text.split(':')[0]), r.content[0].text);
  else assert(r.structuredContent, 'no structuredContent');
  return r;
}

function succeeded(r) {
  assert(!r.isError, r.content[0].text);
  judge(r);
}

const raw = (address, text) =>
  new Promise((done) => {
    const [host, port] = address.split(':');
    const s = net.connect(Number(port), host, () => s.write(text));
    s.on('error', done);
    s.on('close', done);
    // By turns an orderly end and a reset.
    setTimeout(() => (random(2) ? s.destroy() : s.resetAndDestroy()), random(300));
  });
const head = (address, length, path = '/mcp') => `POST ${path} HTTP/1.1\r\nHost: ${address}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: ${length}\r\n\r\n`;

export const onHTTP = {
  cached: [8, async ({ url }) => succeeded(result(await post(url, profileCall(sample, { raw: pick(['compact', 'full', 'none']) }))))],
  'cached, 2026-07-28': [4, async ({ url }) => succeeded(result(await post(url, call('get_blogger_profile', { userId: sample }, modernMeta), modernHeaders('get_blogger_profile'))))],
  found: [4, async ({ url }) => judge(result(await post(url, profileCall(found()))))],
  failing: [2, async ({ url }) => equal(judge(result(await post(url, profileCall(failing())))).isError, true, 'isError')],
  'found at the second try': [1, async ({ url }) => judge(result(await post(url, profileCall(fresh('2')))))],
  large: [0.5, async ({ url }) => judge(result(await post(url, profileCall(fresh('8'), { raw: 'none' }))))],
  refreshed: [1, async ({ url }) => judge(result(await post(url, profileCall(pick(recorded), { refresh: true }))))],
  compared: [1, async ({ url }) => judge(result(await post(url, call('compare_bloggers', { userIds: [sample, found(), failing()] }))))],
  batch: [1, async ({ url }) => equal(JSON.parse((await post(url, [profileCall(sample), profileCall(redIdLike()), profileCall(found())], { Accept: 'application/json' })).text).length, 3, 'answers')],
  refused: [1, async ({ url }) => {
    const [message, headers, status] = pick([['{', {}, 400], ['{}', { 'Content-Type': 'text/plain' }, 415], ['{}', { Origin: 'https://other.example' }, 403], ['{}', { Host: 'other.example' }, 403]]);
    equal((await post(url, message, headers)).status, status, 'status');
  }],
  scraped: [0.5, (server) => server.figures()],
  'vanished while waiting': [2, async ({ addr, url }) => {
    const id = found();
    const body = JSON.stringify(profileCall(id));
    await raw(addr, head(addr, Buffer.byteLength(body)) + body);
    judge(result(await post(url, profileCall(id))));
  }],
  'vanished in the body': [0.5, ({ addr }) => raw(addr, head(addr, 4096) + '{"jsonrpc":"2.0",')],
  'vanished in the header': [0.5, ({ addr }) => raw(addr, 'POST /mcp HTTP/1.1\r\nHo')],
  silent: [0.5, ({ addr }) => raw(addr, '')],
  nonsense: [0.5, ({ addr }) => raw(addr, String.fromCharCode(...Array.from({ length: 100 }, () => random(256))))],
};
const redIdLike = () => String(1e9 + random(1e9));

// openStream connects like a client of the older transport.
async function openStream({ base, url }) {
  const r = http.get(url, { agent: false });
  r.on('error', () => {});
  const [response] = await within(10, once(r, 'response'), 'opening a stream');
  response.on('error', () => {});
  const got = [];
  let wake = () => {};
  let endpoint;
  const opened = new Promise((found) => (endpoint = found));
  createInterface({ input: response }).on('error', () => {}).on('line', (line) => {
    if (!line.startsWith('data: ')) return;
    if (line.startsWith('data: /message')) endpoint(new URL(line.slice(6), base));
    else if (!line.includes('"notifications/progress"')) wake(got.push(JSON.parse(line.slice(6))));
  });
  return {
    response,
    endpoint: await within(10, opened, 'the endpoint'),
    close: () => r.destroy(),
    answers: (n) => within(20, new Promise((done) => {
      wake = () => got.length >= n && done(got);
      wake();
    }), `${n} answers on a stream`),
  };
}
const send = async (s, message) => equal((await post(s.endpoint, message)).status, 202, 'status of a message');

export const onSSE = {
  session: [4, async (server) => {
    const s = await openStream(server);
    const calls = [sample, sample, found(), failing(), redIdLike()].map((id) => profileCall(id));
    for (const c of calls) await send(s, c);
    for (const a of await s.answers(calls.length)) judge(a.result);
    s.close();
  }],
  'cancelled, then asked again': [2, async (server) => {
    const s = await openStream(server);
    const id = fresh('1');
    const first = profileCall(id);
    await send(s, first);
    await send(s, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: first.id } });
    const again = profileCall(id);
    await send(s, again);
    equal((await s.answers(1)).map((a) => a.id), [again.id], 'answered');
    s.close();
  }],
  'vanished while waiting': [3, async (server) => {
    const s = await openStream(server);
    for (let i = random(5); i >= 0; i--) await send(s, profileCall(found()));
    await sleep(random(200));
    s.close();
  }],
  // More than all buffers take, and more answers than one stream may have coming.
  'does not read': [0.5, async (server) => {
    const s = await openStream(server);
    s.response.pause();
    const statuses = new Set();
    for (let i = 0; i < 8; i++) {
      const batch = Array.from({ length: 100 }, () => profileCall(sample, { raw: 'full' }));
      statuses.add((await post(s.endpoint, batch)).status);
    }
    assert([...statuses].every((status) => status === 202 || status === 503), `statuses ${[...statuses]}`);
    s.close();
  }],
};

export const onStdio = {
  'killed while waiting': [1, async () => {
    const server = stdio();
    server.stdin.write(JSON.stringify(profileCall(fresh('1'))) + '\n');
    await sleep(random(300));
    server.kill('SIGKILL');
    await once(server, 'exit');
  }],
  'its client died': [1, async () => {
    const server = stdio();
    server.stdin.write(JSON.stringify(profileCall(fresh('1'))) + '\n');
    await sleep(random(300));
    server.stdout.destroy();
    server.stdin.destroy();
    equal(await ended(server), 0, 'exit status');
  }],
  'asked and done': [1, async () => {
    const server = stdio();
    const lines = createInterface({ input: server.stdout });
    let answers = 0;
    lines.on('line', (line) => !line.includes('"notifications/progress"') && (judge(JSON.parse(line).result), answers++));
    const calls = [profileCall(found()), profileCall(sample), profileCall(failing())];
    server.stdin.end(calls.map((c) => JSON.stringify(c)).join('\n'));
    equal([await ended(server), answers], [0, calls.length], 'exit status, answers');
  }],
};
function stdio() {
  const child = track(spawn(binary, flags, { env: environment(env), stdio: ['pipe', 'pipe', 'ignore'] }));
  for (const pipe of [child.stdin, child.stdout]) pipe.on('error', () => {});
  return child;
}
const ended = async (child) => (await within(10, once(child, 'close'), 'the end of a server'))[0];
