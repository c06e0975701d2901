// What many clients may cost in memory, and that nothing stays of them.
import http from 'node:http';
import { once } from 'node:events';
import { assert, check, sleep, withServer } from './lib.mjs';

const initialize = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'checks', version: '0' } } });

await withServer('http', [], {}, (server) => check('bounds: 60,000 initialize requests stay under 40 MB', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', 'Content-Length': Buffer.byteLength(initialize) };
  const one = () => new Promise((done, failed) => {
    http.request(server.url, { method: 'POST', agent, headers }, (r) => (r.resume(), r.on('end', () => (r.statusCode === 200 ? done() : failed(new Error(`status ${r.statusCode}`)))))).on('error', failed).end(initialize);
  });
  let left = 60000;
  await Promise.all(Array.from({ length: 32 }, async () => {
    while (left-- > 0) await one();
  }));
  const { megabytes } = await server.figures();
  agent.destroy();
  console.log(`    ${megabytes.toFixed(1)} MB`);
  assert(megabytes < 40, `${megabytes} MB`);
}));

await withServer('sse', [], {}, (server) => check('bounds: 1,000 idle SSE clients stay under 120 MB and are gone after they leave', async () => {
  const before = await server.usual();
  const streams = await Promise.all(Array.from({ length: 1000 }, async () => {
    const r = http.get(server.url, { agent: false });
    r.on('error', () => {});
    const [response] = await once(r, 'response');
    response.on('error', () => {});
    await once(response, 'data'); // the endpoint
    return r;
  }));
  const open = await server.figures();
  for (const r of streams) r.destroy();
  let after;
  do {
    await sleep(100);
    after = await server.figures();
  } while (after.goroutines > before.goroutines || after.descriptors > before.descriptors); // check bounds the time
  console.log(`    ${open.megabytes.toFixed(1)} MB, ${open.goroutines} goroutines, ${open.descriptors} descriptors; after they left ${after.goroutines} and ${after.descriptors}, as before`);
  assert(open.descriptors >= 1000 && open.megabytes < 120, `${open.megabytes} MB with ${open.descriptors} descriptors`);
}));
process.exit();
