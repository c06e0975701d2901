// The pages as the files that -o html writes, in a real browser: they ask for nothing,
// show their tables where no script runs, and print on A4 without losing any of it.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostile } from './app-fixtures.mjs';
import { file, stop } from './app-lib.mjs';
import { column, header, names, serious, sorted, texts, wide } from './app-reader.mjs';
import { recordedUpstream } from './app-upstream.mjs';
import { assert, binary, check, environment, equal, recorded, temporary, track } from './lib.mjs';

// run gives what a command prints; a failed row is no mistake here.
const run = (args, { flags, env } = { flags: ['-upstream', 'sample'], env: {} }) => new Promise((done) => {
  track(execFile(binary, [args[0], '-log-level', 'error', '-rate', '1000', '-cache-dir', 'off', ...flags, ...args.slice(1)], { env: environment(env), maxBuffer: 16 << 20 }, (_, stdout) => done(stdout)));
});

// saved keeps a page as a file.
function saved(text, name = 'page.html') {
  const path = join(temporary(), name);
  writeFileSync(path, text);
  return path;
}

const ids = [...recorded, '5a3e1e0000000000000000e1'];
const everything = ['insights', '-sections', 'performance,audience,followers,costs,notes,trend,growth,availability', '-o', 'html', '5a3e1e000000000000000004'];

await check('file: compare -o html is the same page', async () => {
  const args = ['compare', '-max-price', '15000'];
  const [text, chineseText, json] = await Promise.all([['html'], ['html', '-lang', 'zh'], ['json']].map((o) => run([...args, '-o', ...o, ...ids])));
  const { rows } = JSON.parse(json);
  await file(saved(text), {}, async ({ view }) => {
    equal(await names(view), rows.slice(0, -1).map((r) => r.name), 'names');
    await header(view, 'followers').click();
    equal([(await column(view, 'Followers'))[0], await sorted(view)], ['1,203,344', [['Followers', 'descending']]], 'most followers first');
    const links = await view.locator('#table tbody a').evaluateAll((all) => all.map((a) => [a.href, a.target, a.onclick]));
    equal(links[0], ['https://www.xiaohongshu.com/user/profile/5a3e1e000000000000000004', '_blank', null], 'a plain link');
    equal(await serious(view), [], 'what axe finds');
    await view.evaluate(() => scrollTo(0, document.querySelector('#table tbody tr:last-child').getBoundingClientRect().y + scrollY - 300));
    equal(await view.evaluate(() => Math.round(document.querySelector('#table thead th').getBoundingClientRect().y)), 0, 'the header stays at the top');
  });
  await file(saved(text), { width: 320 }, async ({ view }) => equal(await wide(view), false, 'English is wider than 320 px'));
  await file(saved(chineseText, '对比 #1.html'), { width: 320, scheme: 'dark' }, async ({ view }) => {
    equal(await view.evaluate(() => [document.documentElement.lang, getComputedStyle(document.body).backgroundColor]), ['zh-CN', 'rgb(25, 25, 28)'], 'lang and background of a dark system');
    equal([await wide(view), await serious(view)], [false, []], 'wider than 320 px, what axe finds');
  });
});

await check('file: insights -o html has the sections, and the profile where it is in memory', async () => {
  for (const scheme of ['light', 'dark']) {
    await file(saved(await run(everything)), { width: 320, scheme }, async ({ view }) => {
      equal([await view.locator('h2').count(), await view.locator('svg.line').count(), await view.locator('.wide tbody tr').count()], [10, 4, 8], 'headings, lines, notes');
      equal([await wide(view), await serious(view)], [false, []], 'wider than 320 px, what axe finds');
    });
  }
  const upstream = await recordedUpstream(), folder = temporary(), memory = { ...upstream, flags: [...upstream.flags, '-cache-dir', folder] };
  const before = await run(everything, memory);
  await run(['profile', everything.at(-1)], memory);
  const after = await run(everything, memory);
  upstream.stop();
  for (const [text, quotes] of [[before, 0], [after, 2]]) await file(saved(text), {}, async ({ view }) => equal(await view.locator('.quote').count(), quotes, 'quotes'));
});

await check('file: names are text, whatever they are', async () => {
  const upstream = await recordedUpstream((data, id) => ({ ...data, name: hostile[Number(id.at(-1))] }));
  const given = hostile.map((_, i) => `5a3e1e0000000000000000f${i}`);
  const [text, json] = await Promise.all(['html', 'json'].map((o) => run(['compare', '-o', o, ...given], upstream)));
  upstream.stop();
  const wanted = JSON.parse(json).rows.map((r) => r.name);
  assert(wanted.includes(hostile[0]) && wanted.includes(hostile[1]), `${wanted}`);
  await file(saved(text), { width: 320 }, async ({ view }) => {
    equal(await names(view), wanted, 'names');
    equal(await view.locator('img, iframe, object, script').count(), 3, 'scripts and what loads something: our own script, its words and the data');
  });
});

// The columns of 120 bloggers as a reader sees them, from the CSV of the same call.
const upstream = await recordedUpstream((data, id) => ({ ...data, name: `Nr${parseInt(id.slice(-4), 16)} ${'x'.repeat(30)}`, clickMidNum: 10000 + parseInt(id.slice(-4), 16) }));
const crowd = Array.from({ length: 120 }, (_, i) => `5a3e1e0000000000000a${(i + 1).toString(16).padStart(4, '0')}`);
const page = saved(await run(['compare', '-fee-percent', '10', '-budget-cny', '90000', '-o', 'html', ...crowd], upstream));
upstream.stop();

await check('file: without scripts its table is there', async () => {
  await file(page, { isPlain: true }, async ({ tab, view }) => {
    const rows = await view.locator('#plain tr').evaluateAll((all) => all.map((tr) => tr.textContent));
    equal([await view.locator('main').isVisible(), await view.locator('#plain').isVisible(), rows.length % 121], [false, true, 0], 'the page of the script, the plain one, rows of its tables beyond whole ones');
    for (const id of crowd) assert(rows.some((t) => t.includes(id)), `no row of ${id}`);
    await tab.emulateMedia({ media: 'print' });
    for (const width of [320, 700]) {
      await tab.setViewportSize({ width, height: 800 });
      const boxes = await view.locator('#plain > div').evaluateAll((all) => all.map((e) => [e.scrollWidth > e.clientWidth, Math.min(...[...e.querySelectorAll('tbody .name')].map((c) => c.offsetWidth)) > 60]));
      equal(boxes, boxes.map(() => [width < 700, true]), `${width} px: tables wider than their boxes, names that can be read`);
    }
  });
});

for (const landscape of [false, true]) {
  await check(`file: on A4 ${landscape ? 'across' : 'upright'} no row, column or control is lost or left`, async () => {
    await file(page, {}, async ({ tab, view }) => {
      await header(view, 'readMedian').click();
      const pdf = saved('', 'page.pdf');
      await tab.pdf({ path: pdf, format: 'A4', landscape });
      const printed = await new Promise((done) => execFile('pdftotext', ['-raw', pdf, '-'], { maxBuffer: 16 << 20 }, (_, stdout) => done(stdout)));
      const tables = await view.locator('#paper table').evaluateAll((all) => all.map((t) => [...t.tHead.rows[0].cells].map((c) => c.querySelector('span')?.textContent ?? c.textContent)));
      const columns = new Set(tables.flat()), all = await view.locator('#table thead th').count();
      equal(columns.size, all, 'columns on paper');
      const bare = printed.replace(/\s+/g, '');
      for (const name of columns) assert(bare.includes(name.replace(/\s+/g, '')), `no column ${name} in the print`);
      for (const [i, id] of crowd.entries()) {
        const count = (text) => bare.split(text).length - 1;
        assert(count(id) === 1 && bare.includes((10001 + i).toLocaleString('en')) && count(`Nr${i + 1}x`) >= tables.length, `row ${i + 1} is not whole in the print: ${count(id)} ids, ${count(`Nr${i + 1}x`)} names of ${tables.length}`);
      }
      const beyond = await view.evaluate(() => [...document.querySelectorAll('#paper td')].length);
      assert(beyond > 0 && !/Show all|all \d+ columns|Point at/.test(printed), 'controls are printed');
      assert(/Budget, CNY\s+90,000/.test(printed), 'the budget is not printed');
      assert(bare.lastIndexOf('Nr120x') < bare.lastIndexOf('Nr1x'), 'the print has not the order that the reader chose');
    });
  });
}

await check('file: the print of a blogger is whole', async () => {
  await file(saved(await run(everything)), {}, async ({ tab, view }) => {
    const pdf = saved('', 'page.pdf');
    const wanted = [...await texts(view, 'dt'), ...await texts(view, 'h3'), ...await texts(view, '.bars .label'), ...await texts(view, '.wide td')];
    await tab.pdf({ path: pdf, format: 'A4' });
    const printed = await new Promise((done) => execFile('pdftotext', ['-raw', pdf, '-'], { maxBuffer: 16 << 20 }, (_, stdout) => done(stdout)));
    const bare = printed.replace(/\s+/g, '');
    for (const text of wanted) assert(bare.includes(text.replace(/\s+/g, '')), `no "${text}" in the print`);
  });
});

await stop();
process.exit();
