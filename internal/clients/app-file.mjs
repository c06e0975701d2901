// The comparison's page as the file that compare -o html writes, in a real
// browser: it asks for nothing.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { hostile } from './app-fixtures.mjs';
import { file, stop } from './app-lib.mjs';
import { column, header, names, serious, sorted } from './app-reader.mjs';
import { assert, binary, check, environment, equal, recorded, root, sample, temporary, track } from './lib.mjs';

// compare runs the command and gives what it prints; a failed row is no mistake
// here.
const compare = (args, env = {}) => new Promise((done) => {
  track(execFile(binary, ['compare', '-cache-dir', 'off', '-log-level', 'error', ...args], { env: environment(env), maxBuffer: 16 << 20 }, (_, stdout) => done(stdout)));
});

// saved keeps a page as a file.
function saved(text, name = 'comparison.html') {
  const path = join(temporary(), name);
  writeFileSync(path, text);
  return path;
}

const ids = [...recorded, '5a3e1e0000000000000000e1'];

await check('app: the file of compare -o html is the same page', async () => {
  const args = ['-upstream', 'sample', '-max-price', '15000'];
  const [text, chineseText, json] = await Promise.all([['html'], ['html', '-lang', 'zh'], ['json']].map((o) => compare([...args, '-o', ...o, ...ids])));
  const { rows } = JSON.parse(json);
  await file(saved(text), {}, async ({ view }) => {
    equal(await names(view), rows.map((r) => r.name ?? r.userId), 'names');
    equal(await view.locator('#bars li').count(), rows.length - 1, 'bars of all but the failed one');
    await header(view, 'Followers').click();
    equal([(await column(view, 'Followers'))[0], await sorted(view)], ['1,203,344', [['Followers', 'descending']]], 'most followers first');
    const links = await view.locator('tbody a').evaluateAll((all) => all.map((a) => [a.href, a.target, a.onclick]));
    equal(links[0], ['https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000004', '_blank', null], 'a plain link');
    equal(await serious(view), [], 'what axe finds');
  });
  await file(saved(chineseText, '对比 #1.html'), { width: 320, scheme: 'dark' }, async ({ view }) => {
    equal(await view.evaluate(() => [document.documentElement.lang, getComputedStyle(document.body).backgroundColor]), ['zh-CN', 'rgb(28, 28, 31)'], 'lang and background of a dark system');
    equal(await view.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'it is not wider than 320 px');
    equal(await serious(view), [], 'what axe finds');
  });
});

await check('app: names in the file are text, whatever they are', async () => {
  const profile = JSON.parse(readFileSync(join(root, '../../testdata/upstream', `${sample}.json`), 'utf8'));
  const id = (i) => `5a3e1e0000000000000000f${i}`;
  const upstream = http.createServer((request, response) => {
    const userId = new URL(request.url, 'http://upstream').searchParams.get('userId');
    const data = { ...profile.data, userId, name: hostile[Number(userId.at(-1))] };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ ...profile, data }));
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const args = ['-upstream', `http://127.0.0.1:${upstream.address().port}`];
  const [text, json] = [await compare([...args, '-o', 'html', ...hostile.map((_, i) => id(i))], { JUSTONEAPI_TOKEN: 'dummy-token-for-tests' }), await compare([...args, '-o', 'json', ...hostile.map((_, i) => id(i))], { JUSTONEAPI_TOKEN: 'dummy-token-for-tests' })];
  upstream.close();
  const wanted = JSON.parse(json).rows.map((r) => r.name);
  assert(wanted.includes(hostile[0]) && wanted.includes(hostile[1]), `${wanted}`);
  await file(saved(text), { width: 320 }, async ({ view }) => {
    equal(await names(view), wanted, 'names');
    equal(await view.locator('img, iframe, object, script').count(), 3, 'scripts and what loads something: our own script, its words and the data');
  });
});

await stop();
process.exit();
