// The TypeScript clients: version 1 over all transports, version 2 over stdio
// and HTTP in both eras. Both hold structuredContent to the outputSchema.
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HTTP1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client as Client2, StreamableHTTPClientTransport as HTTP2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { assert, binary, check, environment, equal, heldId, redId, sample, serve, startUpstream } from './lib.mjs';

const me = { name: 'checks', version: '0' };
const upstream = await startUpstream();
const stdio = (T) => new T({ command: binary, args: [...upstream.flags, '-rate', '1000', '-log-level', 'error'], env: environment(upstream.env), stderr: 'inherit' });

const http = await serve('http', [...upstream.flags, '-rate', '1000'], upstream.env);
const sse = await serve('sse', [...upstream.flags, '-rate', '1000'], upstream.env);

const clients = [
  ['sdk 1.32.2 stdio', () => [new Client1(me), stdio(Stdio1)]],
  ['sdk 1.32.2 http', () => [new Client1(me), new HTTP1(http.url)]],
  ['sdk 1.32.2 sse', () => [new Client1(me), new SSEClientTransport(sse.url)]],
  ['client 2.4.0 stdio legacy', () => [new Client2(me, { versionNegotiation: { mode: 'legacy' } }), stdio(Stdio2)]],
  ['client 2.4.0 stdio 2026-07-28', () => [new Client2(me, { versionNegotiation: { mode: { pin: '2026-07-28' } } }), stdio(Stdio2)]],
  ['client 2.4.0 http legacy', () => [new Client2(me, { versionNegotiation: { mode: 'legacy' } }), new HTTP2(http.url)]],
  ['client 2.4.0 http 2026-07-28', () => [new Client2(me, { versionNegotiation: { mode: { pin: '2026-07-28' } } }), new HTTP2(http.url)]],
];

// The two versions of callTool differ in their second argument.
const callWith = (client, userId, options) => {
  const request = { name: 'get_blogger_profile', arguments: { userId } };
  return client instanceof Client1 ? client.callTool(request, undefined, options) : client.callTool(request, options);
};

for (const [name, connect] of clients) {
  const [client, transport] = connect();
  await client.connect(transport);
  await client.listTools(); // from here on results are validated
  const call = (userId, options) => callWith(client, userId, options);

  await check(`${name} call`, async () => {
    const r = await call(sample);
    equal(r.structuredContent.summary.followers, 103684, 'followers');
    equal(r.content.length, 2, 'content blocks');
  });
  await check(`${name} bad call`, async () => {
    const r = await call(redId);
    equal(r.isError, true, 'isError');
    assert(r.content[0].text.startsWith('invalid_argument: '), r.content[0].text);
  });
  await check(`${name} progress`, async () => {
    // The look-up is held until progress is there: a client may dispatch a
    // result before progress that came in the same chunk.
    const id = heldId();
    const seen = [];
    await call(id, {
      onprogress: (p) => {
        seen.push(p.progress);
        upstream.release(id);
      },
    });
    assert(seen.length > 0 && seen.every((p, i) => i === 0 || p > seen[i - 1]), `progress ${seen}`);
  });
  await check(`${name} 64 at once`, async () => {
    const results = await Promise.all(Array.from({ length: 64 }, () => call(sample)));
    for (const r of results) equal(r.structuredContent.summary.userId, sample, 'userId');
  });
  await check(`${name} cancel`, async () => {
    const id = heldId();
    const abort = new AbortController();
    const cancelled = call(id, { signal: abort.signal }).then(() => false, () => true);
    await upstream.asked(id);
    abort.abort();
    equal(await cancelled, true, 'the call ends');
    upstream.release(id);
    const r = await call(id);
    equal([r.structuredContent.meta.billed, upstream.requests(id)], [false, 1], 'billed, requests');
  });
  await client.close();
}

await check('pending, then the profile for free', async () => {
  const slow = await serve('http', [...upstream.flags, '-wait', '1s'], upstream.env);
  const client = new Client1(me);
  await client.connect(new HTTP1(slow.url));
  const id = heldId();
  const first = await callWith(client, id);
  assert(first.isError && first.content[0].text.startsWith('pending: '), first.content[0].text);
  upstream.release(id);
  const second = await callWith(client, id);
  equal([second.structuredContent.meta.billed, upstream.requests(id)], [false, 1], 'billed, requests');
  await client.close();
  await slow.stop();
});

await http.stop();
await sse.stop();
upstream.stop();
process.exit();
