// The TypeScript clients: version 1 over all transports, version 2 over stdio
// and HTTP in both eras. Both hold structuredContent to the outputSchema.
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport as Stdio1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HTTP1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Client as Client2, StreamableHTTPClientTransport as HTTP2 } from '@modelcontextprotocol/client';
import { StdioClientTransport as Stdio2 } from '@modelcontextprotocol/client/stdio';
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import { assert, binary, check, environment, equal, heldId, redId, sample, serve, startUpstream, within } from './lib.mjs';

const me = { name: 'checks', version: '0' };
const upstream = await startUpstream();
const flags = [...upstream.flags, '-rate', '1000'];
const hasty = [...flags, '-wait', '1s'];

// Where the clients connect to: once with time to wait, once without.
const place = async (flags) => ({
  stdio: (T) => new T({ command: binary, args: [...flags, '-log-level', 'error'], env: environment(upstream.env), stderr: 'inherit' }),
  http: await serve('http', flags, upstream.env),
  sse: await serve('sse', flags, upstream.env),
});
const [patient, impatient] = [await place(flags), await place(hasty)];

const era = (mode) => new Client2(me, { versionNegotiation: { mode } });
const modern = { pin: '2026-07-28' };
const clients = [
  ['sdk 1.32.2 stdio', (p) => [new Client1(me), p.stdio(Stdio1)]],
  ['sdk 1.32.2 http', (p) => [new Client1(me), new HTTP1(p.http.url)]],
  ['sdk 1.32.2 sse', (p) => [new Client1(me), new SSEClientTransport(p.sse.url)]],
  ['client 2.4.0 stdio legacy', (p) => [era('legacy'), p.stdio(Stdio2)]],
  ['client 2.4.0 stdio 2026-07-28', (p) => [era(modern), p.stdio(Stdio2)]],
  ['client 2.4.0 http legacy', (p) => [era('legacy'), new HTTP2(p.http.url)]],
  ['client 2.4.0 http 2026-07-28', (p) => [era(modern), new HTTP2(p.http.url)]],
];

// The two versions of callTool differ in their second argument.
const callWith = (client, userId, options) => {
  const request = { name: 'get_blogger_profile', arguments: { userId } };
  return client instanceof Client1 ? client.callTool(request, undefined, options) : client.callTool(request, options);
};

for (const [name, connect] of clients) {
  const [client, transport] = connect(patient);
  await within(20, client.connect(transport), `${name} connecting`);
  const { tools } = await within(20, client.listTools(), `${name} listing`); // from here on results are validated
  const call = (userId, options) => callWith(client, userId, options);

  await check(`${name} call`, async () => {
    const r = await call(sample);
    equal(r.structuredContent.summary.followers, 103684, 'followers');
    equal(r.content.length, 2, 'content blocks');
    // The client validates by itself; here it shows that the schema says something.
    const valid = new AjvJsonSchemaValidator().getValidator(tools.find((t) => t.name === 'get_blogger_profile').outputSchema);
    const { summary, meta } = r.structuredContent;
    equal([valid(r.structuredContent).valid, valid({ meta, summary: { ...summary, followers: 'many' } }).valid, valid({ summary }).valid], [true, false, false], 'valid as it is, with a word for a number, without meta');
  });
  await check(`${name} bad call`, async () => {
    const r = await call(redId);
    equal([r.isError, r.content.length, r.structuredContent], [true, 1, undefined], 'isError, content blocks, structuredContent');
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
  await check(`${name} 64 at once for a slow profile`, async () => {
    const id = heldId();
    const calls = Array.from({ length: 64 }, () => call(id));
    await upstream.asked(id);
    equal((await call(redId)).isError, true, 'what need not wait is answered meanwhile: isError');
    upstream.release(id);
    const billed = (await Promise.all(calls)).filter((r) => r.structuredContent.meta.billed);
    equal([billed.length, upstream.requests(id)], [1, 1], 'billed, requests');
  });
  await check(`${name} cancel`, async () => {
    const id = heldId();
    const abort = new AbortController();
    const cancelled = call(id, { signal: abort.signal }).then(() => false, () => true);
    await upstream.asked(id);
    abort.abort();
    equal(await cancelled, true, 'the call ends');
    upstream.release(id);
    // The charge is told here, unless the server had answered before it heard.
    equal([(await call(id)).isError ?? false, upstream.requests(id)], [false, 1], 'isError, requests');
  });
  await client.close();

  await check(`${name} pending, then the profile without a further charge`, async () => {
    const [client, transport] = connect(impatient);
    await client.connect(transport);
    const id = heldId();
    const first = await callWith(client, id);
    assert(first.isError && first.content[0].text.startsWith('pending: '), first.content[0].text);
    upstream.release(id);
    const billed = async () => (await callWith(client, id)).structuredContent.meta.billed;
    equal([await billed(), await billed(), upstream.requests(id)], [true, false, 1], 'told of the charge, told again, requests');
    await client.close();
  });
}

// A client that also knows a later revision learns from the refusal's data
// which ones both know.
for (const [name, transport] of [['stdio', () => patient.stdio(Stdio2)], ['http', () => new HTTP2(patient.http.url)]]) {
  await check(`client 2.4.0 ${name} of a later revision agrees on 2026-07-28`, async () => {
    const client = new Client2(me, { supportedProtocolVersions: ['2099-01-01', '2026-07-28', '2025-11-25'], versionNegotiation: { mode: 'auto' } });
    await client.connect(transport());
    equal(client.getNegotiatedProtocolVersion(), '2026-07-28', 'revision');
    await client.close();
  });
}

await Promise.all([patient.http, patient.sse, impatient.http, impatient.sse].map((s) => s.stop()));
upstream.stop();
process.exit();
