// What the checks share: servers under test, a held-up upstream, and the lines
// that the run script counts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

if (!process.argv[2]) {
  console.error(`usage: node ${process.argv[1]} BINARY`);
  process.exit(2);
}
export const binary = resolve(process.argv[2]);
export const root = import.meta.dirname;

// The documented sample and a redId, which the tools refuse.
export const sample = '659902c1000000002200361b';
export const redId = '4639645438';
// Recorded profiles that look-ups of the sample upstream find.
export const recorded = [sample, ...[1, 2, 3, 4, 5, 6, 7, 8].map((n) => `5a3e1e00000000000000000${n}`)];

// Everything started here ends with this process, by its own id.
const children = new Set();
const folders = [];
process.on('exit', () => {
  for (const c of children) c.kill('SIGKILL');
  for (const f of folders) rmSync(f, { recursive: true, force: true });
});
for (const s of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(s, () => process.exit(1));

export function track(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

export function temporary() {
  const folder = mkdtempSync(join(tmpdir(), 'pgy-mcp-clients-'));
  folders.push(folder);
  return folder;
}

// environment is ours without settings of a server that the caller may have.
export function environment(more = {}) {
  const own = Object.entries(process.env).filter(([k]) => !/^(PGY_MCP_|JUSTONEAPI_|MCP_)/.test(k));
  return { ...Object.fromEntries(own), ...more };
}

export function assert(condition, text) {
  if (!condition) throw new Error(text);
}

export function equal(got, want, what) {
  const [g, w] = [JSON.stringify(got), JSON.stringify(want)];
  assert(g === w, `${what}: got ${g}, want ${w}`);
}

// within fails what takes too long, so that no check hangs the run.
export function within(seconds, promise, what = 'it') {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took more than ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

// check prints one line for one check, and what went wrong under it.
export async function check(name, body) {
  try {
    await within(60, body(), name);
    console.log(`ok ${name}`);
  } catch (e) {
    process.exitCode = 1;
    console.log(`FAIL ${name}`);
    const text = e instanceof Error ? (e.output ?? '') + e.stack : String(e);
    console.log(text.slice(-6000).replace(/^.*/gm, (line) => '    ' + line.slice(0, 500)));
  }
}

// serve starts an HTTP server under test on a port of its own choice, unless
// the flags name one.
export async function serve(transport, flags = [], env = {}) {
  const child = track(spawn(binary, ['-upstream', 'sample', '-addr', '127.0.0.1:0', ...flags, '-transport', transport], {
    env: environment(env),
    stdio: ['ignore', 'ignore', 'pipe'],
  }));
  let log = '';
  const lines = createInterface({ input: child.stderr });
  const listening = new Promise((found, failed) => {
    lines.on('line', (line) => {
      log = (log + line + '\n').slice(-20000);
      const m = /msg=listening addr=(\S+)/.exec(line);
      if (m) found(m[1]);
    });
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`the server ended with status ${code}:\n${log}`)));
  });
  const addr = await within(10, listening, 'starting a server');
  const base = `http://${addr}`;
  return {
    addr,
    base,
    url: new URL(transport === 'sse' ? '/sse' : '/mcp', base),
    log: () => log,
    calls: () => callsTotal(base, env.PGY_MCP_AUTH_TOKEN),
    figures: () => figures(base, env.PGY_MCP_AUTH_TOKEN),
    usual: () => usual(base, env.PGY_MCP_AUTH_TOKEN),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await within(5, once(child, 'exit'), 'ending the server');
      }
    },
  };
}

// withServer runs a body with a server that ends after it.
export async function withServer(transport, flags, env, body) {
  const server = await serve(transport, flags, env);
  try {
    return await body(server);
  } finally {
    await server.stop();
  }
}

// metrics reads the server's metrics, over a connection of its own: an idle one
// would count among its goroutines and descriptors.
async function metrics(base, token) {
  const r = http.get(`${base}/metrics`, { agent: false, headers: token ? { Authorization: `Bearer ${token}` } : {} });
  const [response] = await once(r, 'response');
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  equal(response.statusCode, 200, 'status of /metrics');
  assert(text.includes('pgy_mcp_lookups_in_flight'), 'the metrics are not those of pgy-mcp');
  return text;
}

// callsTotal is how many tool calls a server has counted.
async function callsTotal(base, token) {
  const text = await metrics(base, token);
  return [...text.matchAll(/^pgy_mcp_calls_total\{.*\} (\S+)$/gm)].reduce((n, m) => n + Number(m[1]), 0);
}

// figures is what a server holds on to at the moment.
async function figures(base, token) {
  const text = await metrics(base, token);
  const figure = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)[1]);
  return {
    goroutines: figure('go_goroutines'),
    descriptors: figure('process_open_fds'),
    megabytes: figure('process_resident_memory_bytes') / 1e6,
    lookups: figure('pgy_mcp_lookups_in_flight'),
    heap: figure('go_memstats_heap_alloc_bytes') / 1e6, // in megabytes, garbage included
    collections: figure('go_gc_duration_seconds_count'),
  };
}

// usual is what an idle server holds on to: the most of several readings, since
// some goroutines begin with the first use, and the end of one reading's
// connection may overlap with the next reading.
async function usual(base, token) {
  let most = await figures(base, token);
  for (let i = 0; i < 20; i++, await sleep(20)) {
    const f = await figures(base, token);
    if (f.goroutines >= most.goroutines) most = f;
  }
  return most;
}

// freePort is for a server whose flags must name its own port.
export async function freePort() {
  const s = net.createServer().listen(0, '127.0.0.1');
  await once(s, 'listening');
  const { port } = s.address();
  s.close();
  await once(s, 'close');
  return port;
}

// startUpstream answers like the API with recorded profiles. An id that begins
// with "a" has no record of its own: it gets the sample's profile under its
// id, and only once the check releases it. That makes a slow upstream without
// guessing at times.
export async function startUpstream() {
  const file = (id) => readFileSync(join(root, '../../testdata/upstream', `${id}.json`), 'utf8');
  const seen = new Map(); // requests by id
  const gates = new Map();
  const gate = (id) => {
    if (!gates.has(id)) {
      const g = {};
      g.asked = new Promise((r) => (g.ask = r));
      g.released = new Promise((r) => (g.release = r));
      gates.set(id, g);
    }
    return gates.get(id);
  };
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://upstream');
    const id = url.searchParams.get('userId');
    seen.set(id, (seen.get(id) ?? 0) + 1);
    if (url.searchParams.get('token') !== upstreamToken) {
      response.writeHead(401).end();
      return;
    }
    let body;
    if (id.startsWith('a')) {
      gate(id).ask();
      await gate(id).released;
      body = file(sample).replaceAll(sample, id);
    } else {
      body = file(id);
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    flags: ['-upstream', `http://127.0.0.1:${server.address().port}`],
    env: { JUSTONEAPI_TOKEN: upstreamToken },
    requests: (id) => seen.get(id) ?? 0,
    asked: (id) => within(10, gate(id).asked, 'the request to the upstream'),
    release: (id) => gate(id).release(),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

const upstreamToken = 'dummy-token-for-tests';

let held = 0;
// heldId is an id that the upstream holds until it is released.
export const heldId = () => 'a' + String(++held).padStart(23, '0');
