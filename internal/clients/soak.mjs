// Mixed load with clients that vanish: soak.mjs BINARY [SECONDS]. Afterwards
// the server must be as it was: no goroutine, descriptor or memory more; and
// nothing was paid for twice meanwhile.
import { assert, check, equal, serve, sleep, within } from './lib.mjs';
import { agent, env, flags, onHTTP, onSSE, onStdio, random, requests } from './scenarios.mjs';

const seconds = Number(process.argv[3] ?? 20);

// until gives a worker that plays scenarios by their weights until the end.
const until = (end) => async (scenarios, server, done, mistakes) => {
  const total = Object.values(scenarios).reduce((n, [weight]) => n + weight, 0);
  while (Date.now() < end && mistakes.length < 5) {
    let x = Math.random() * total;
    const [name, [, scenario]] = Object.entries(scenarios).find(([, [weight]]) => (x -= weight) < 0);
    try {
      await within(30, scenario(server), name);
      done[name] = (done[name] ?? 0) + 1;
    } catch (e) {
      mistakes.push(`${name}: ${e.stack}`);
    }
    await sleep(random(20));
  }
};

const servers = {
  http: { scenarios: onHTTP, workers: 48, ...(await serve('http', flags, env)) },
  sse: { scenarios: onSSE, workers: 24, ...(await serve('sse', flags, env)) },
  stdio: { scenarios: onStdio, workers: 2 },
};

const web = [servers.http, servers.sse];
for (const s of web) Object.assign(s, { before: await s.usual(), most: 0 });
for (const s of Object.values(servers)) Object.assign(s, { done: {}, mistakes: [] });

// Two rounds of load, so that what stays after the second can be held against
// what stayed after the first: caches are full by then.
const seen = { first: {}, second: {} };
for (const after of Object.values(seen)) {
  const run = until(Date.now() + seconds * 500);
  const watch = setInterval(() => {
    for (const s of web) s.figures().then((f) => (s.most = Math.max(s.most, f.megabytes)), () => {});
  }, 2000);
  await Promise.all(Object.values(servers).flatMap((s) => Array.from({ length: s.workers }, () => run(s.scenarios, s, s.done, s.mistakes))));
  clearInterval(watch);
  agent.destroy();
  for (const s of web) after[s.base] = { ...(await settled(s)), live: await live(s) };
}

// quiet is a server that has nothing in hand any more.
function quiet(s, f) {
  return f.goroutines <= s.before.goroutines && f.descriptors <= s.before.descriptors && f.lookups === 0;
}

// settled waits for that. A body that stopped in the middle is given up after
// 30 s at most.
async function settled(s) {
  for (const end = Date.now() + 40000; ; await sleep(200)) {
    const f = await s.figures();
    if (quiet(s, f) || Date.now() > end) return f;
  }
}

// live is the heap without garbage, in megabytes: its least size over two
// collections, which the reading of the metrics itself brings about. Resident
// memory would tell more of when the collector last ran.
async function live(s) {
  let least = Infinity;
  let f = await s.figures();
  for (const end = f.collections + 2; f.collections < end; f = await s.figures()) least = Math.min(least, f.heap);
  return Math.min(least, f.heap);
}

const show = (f) => `${f.goroutines} goroutines, ${f.descriptors} descriptors, ${f.megabytes.toFixed(1)} MB resident${f.live ? `, ${f.live.toFixed(1)} MB live` : ''}`;
for (const [name, s] of Object.entries(servers)) {
  const [first, second] = [seen.first[s.base], seen.second[s.base]];
  try {
    assert(s.mistakes.length === 0, s.mistakes.join('\n'));
    for (const scenario of Object.keys(s.scenarios)) assert(s.done[scenario] > 0 || seconds < 10, `${scenario} never ran`);
    if (s.base) {
      assert(quiet(s, second), 'it holds on to something after the end');
      assert(second.live < first.live + 10, 'its memory grows');
      await s.stop();
    }
    console.log(`ok soak ${name}, ${seconds} s`);
  } catch (e) {
    process.exitCode = 1;
    console.log(`FAIL soak ${name}, ${seconds} s\n${e.stack.replace(/^/gm, '    ')}`);
  }
  const total = Object.values(s.done).reduce((a, b) => a + b, 0);
  console.log(`    ${total} scenarios: ${Object.entries(s.done).map(([k, n]) => `${k} ${n}`).join('; ')}`);
  if (s.base) console.log(`    before: ${show(s.before)}\n    after the first half: ${show(first)}\n    after the second: ${show(second)}; at most ${s.most.toFixed(1)} MB`);
}
await check('soak: nothing is paid for twice, however its callers vanished', async () => {
  const paid = [...requests].filter(([id]) => ['f0', 'f1', 'f6', 'f8'].includes(id.slice(0, 2)));
  equal(paid.filter(([, n]) => n > 1), [], 'ids and requests');
  console.log(`    ${paid.length} bloggers, one request each`);
});
process.exit();
