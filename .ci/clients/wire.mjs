// Progress on the wire, without a client that could reorder it: 400 calls on
// each transport and era, progress before each result, none lost.
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { assert, binary, check, environment, sample, track, withServer } from './lib.mjs';

const calls = 400;
const atOnce = 20;

const modern = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
const request = (id, meta = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'get_blogger_profile', arguments: { userId: sample }, _meta: { ...meta, progressToken: id } } });

// judge takes messages in the order in which they came.
function judge() {
  const progress = new Map();
  const done = new Set();
  return {
    take(line) {
      const m = JSON.parse(line);
      if (m.method === 'notifications/progress') {
        const { progressToken: id, progress: p } = m.params;
        assert(!done.has(id), `progress after the result of ${id}`);
        assert(!(progress.get(id) >= p), `progress of ${id} does not rise`);
        progress.set(id, p);
      } else if (m.result) {
        assert(progress.has(m.id), `the result of ${m.id} comes without progress before it`);
        done.add(m.id);
      }
      return done.size;
    },
    end: () => assert(done.size === calls, `${done.size} of ${calls} results`),
  };
}

await check(`wire stdio, ${calls} calls`, async () => {
  const server = track(spawn(binary, ['-upstream', 'sample', '-log-level', 'error'], { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] }));
  const j = judge();
  for (let i = 0; i < calls; i++) server.stdin.write(request(i, i % 2 ? modern : {}) + '\n');
  server.stdin.end();
  for await (const line of createInterface({ input: server.stdout })) j.take(line);
  j.end();
});

// post gives the data lines of an answer in their order.
function post(url, body, headers = {}) {
  return new Promise((done, failed) => {
    const r = http.request(url, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...headers } }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      done(text.startsWith('event:') ? text.split('\n').filter((l) => l.startsWith('data: ')).map((l) => l.slice(6)) : text ? [text] : []);
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

await withServer('http', ['-log-level', 'info'], {}, async ({ url }) => {
  for (const [era, meta, headers] of [
    ['legacy', {}, { 'Mcp-Protocol-Version': '2025-11-25' }],
    ['2026-07-28', modern, { 'Mcp-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'get_blogger_profile' }],
  ]) {
    await check(`wire http ${era}, ${calls} calls`, async () => {
      const j = judge();
      await inParallel(async (id) => {
        for (const line of await post(url, request(id, meta), headers)) j.take(line);
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
