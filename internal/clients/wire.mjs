// Progress on the wire, without a client that could reorder it: 400 calls on
// each transport and era, progress before each result, none lost.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { assert, binary, check, environment, equal, recorded, sample, track, withServer } from './lib.mjs';

const calls = 400;
const atOnce = 20;

const modern = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };

// By turns: a profile in memory, one that is looked up again, and a comparison
// with its several notifications.
const kinds = [
  { total: 1, name: 'get_blogger_profile', arguments: { userId: sample } },
  { total: 1, name: 'get_blogger_profile', arguments: { userId: recorded[1], refresh: true } },
  { total: recorded.length, name: 'compare_bloggers', arguments: { userIds: recorded, refresh: true } },
];
const kind = (id) => kinds[id % kinds.length];
const token = (id) => (id % 2 ? id : `token ${id}`);
function request(id, meta = {}) {
  const { name, arguments: given } = kind(id);
  return JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: given, _meta: { ...meta, progressToken: token(id) } } });
}

// judge takes messages in the order in which they came.
function judge() {
  const open = new Map(Array.from({ length: calls }, (_, id) => [token(id), { id, last: -1, progress: 0 }]));
  let done = 0;
  return {
    take(line) {
      const m = JSON.parse(line);
      if (m.method === 'notifications/progress') {
        const { progressToken, progress, total } = m.params;
        const call = open.get(progressToken);
        assert(call, `progress after the result, or of nobody: ${line}`);
        assert(progress > call.last, `progress does not rise from ${call.last}: ${line}`);
        assert(total === kind(call.id).total, `another total than ${kind(call.id).total}: ${line}`);
        call.last = progress;
        call.progress++;
      } else {
        assert(m.result && m.result.isError !== true, `no result: ${line.slice(0, 500)}`);
        const call = open.get(token(m.id));
        assert(call, `a second result of ${m.id}`);
        // Our tools send one at once and a last one that says that all is done;
        // that last one is what gets lost where a transport loses any.
        assert(call.progress >= 2 && call.last === kind(m.id).total, `the result of ${m.id} comes after ${call.progress} notifications, the last one ${call.last} of ${kind(m.id).total}`);
        open.delete(token(m.id));
        done++;
      }
      return done;
    },
    end: () => equal(done, calls, 'results'),
  };
}

for (const [era, meta] of [['legacy', {}], ['2026-07-28', modern]]) {
  await check(`wire stdio ${era}, ${calls} calls`, async () => {
    const server = track(spawn(binary, ['-upstream', 'sample', '-log-level', 'error'], { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] }));
    const j = judge();
    for (let i = 0; i < calls; i++) server.stdin.write(request(i, meta) + '\n');
    server.stdin.end();
    for await (const line of createInterface({ input: server.stdout })) j.take(line);
    j.end();
  });
}

// post gives the data lines of an answer in their order.
function post(url, body, headers = {}) {
  return new Promise((done, failed) => {
    const r = http.request(url, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers } }, async (response) => {
      try {
        let text = '';
        for await (const chunk of response.setEncoding('utf8')) text += chunk;
        assert(response.statusCode < 300, `status ${response.statusCode}: ${text}`);
        done(text.startsWith('event:') ? text.split('\n').filter((l) => l.startsWith('data: ')).map((l) => l.slice(6)) : text ? [text] : []);
      } catch (e) {
        failed(e);
      }
    });
    r.on('error', failed);
    r.end(body);
  });
}

async function inParallel(one) {
  let next = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next < calls) await one(next++);
  }));
}

await withServer('http', [], {}, async ({ url }) => {
  for (const [era, meta, headers] of [
    ['legacy', {}, () => ({ 'Mcp-Protocol-Version': '2025-11-25' })],
    ['2026-07-28', modern, (id) => ({ 'Mcp-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': kind(id).name })],
  ]) {
    await check(`wire http ${era}, ${calls} calls`, async () => {
      const j = judge();
      await inParallel(async (id) => {
        for (const line of await post(url, request(id, meta), headers(id))) j.take(line);
      });
      j.end();
    });
  }
});

await withServer('sse', [], {}, async ({ base, url }) => {
  await check(`wire sse, ${calls} calls`, async () => {
    const j = judge();
    await new Promise((done, failed) => {
      const stream = http.get(url, (response) => {
        const lines = createInterface({ input: response });
        lines.on('error', failed); // a second call does nothing
        lines.on('line', (line) => {
          if (!line.startsWith('data: ')) return;
          const data = line.slice(6);
          try {
            if (data.startsWith('/message')) inParallel((id) => post(new URL(data, base), request(id))).catch(failed);
            else if (j.take(data) === calls) {
              done();
              stream.destroy();
            }
          } catch (e) {
            failed(e);
          }
        });
      });
      stream.on('error', failed);
    });
    j.end();
  });
});
