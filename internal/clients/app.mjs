// The comparison's page in a host of MCP Apps, in a real browser: nothing but
// the protocol's messages goes in or out.
import { failed, failedText, found, hostile, many, odd, plain, result } from './app-fixtures.mjs';
import { host, pageOf, stop, withClient } from './app-lib.mjs';
import { bars, column, header, names, plainly, seen, serious, small, sorted, texts, wide } from './app-reader.mjs';
import { recordedUpstream } from './app-upstream.mjs';
import { assert, check, equal, recorded, within } from './lib.mjs';

// html is the page as the server gives it.
const html = await within(20, pageOf('comparison'), 'reading the page');

// given sends a result and waits until the page shows it.
async function given({ view, send }, r) {
  await view.evaluate(() => document.querySelector('#table').replaceChildren());
  await send('sendToolResult', r);
  await view.waitForSelector('#table tbody tr');
}
const shown = (page, comparison) => given(page, result(comparison));

// same names the first text that differs.
function same(got, want, what) {
  const i = want.findIndex((w, i) => got[i] !== w);
  equal([got[i], got.length], [want[i], want.length], `${what}, text ${i} and the number of them`);
}

// Names are as hostile as the upstream can have them: the table cuts longer ones.
const upstream = await recordedUpstream((data, id) => ({ ...data, name: hostile[Number(id.at(-1))]?.slice(0, 30) ?? data.name }));

for (const [era, options] of [['legacy', {}], ['2026-07-28', { versionNegotiation: { mode: 'auto' } }]]) {
  await check(`app ${era}: the tool's page shows the tool's result, from the text alone too`, async () => {
    await withClient(['-fee-percent', '10', ...upstream.flags], upstream.env, options, async (client) => {
      const tool = (await client.listTools()).tools.find((t) => t.name === 'compare_bloggers');
      const uri = tool._meta.ui.resourceUri;
      equal([tool._meta['ui/resourceUri'], tool.title, tool.icons[0].mimeType], [uri, 'Compare bloggers', 'image/png'], 'the older name of the address, title, icon');
      equal(client.getServerCapabilities().extensions, { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }, 'extensions');
      const listed = (await client.listResources()).resources.find((r) => r.uri === uri);
      const [contents] = (await client.readResource({ uri })).contents;
      for (const r of [listed, contents]) equal([r.mimeType, r._meta], ['text/html;profile=mcp-app', { ui: { prefersBorder: true } }], 'type and _meta of the page');
      equal(contents.text, html, 'the page');
      const userIds = [...recorded, '5a3e1e0000000000000000e1', 'no <id> | at all'];
      await host(html, { width: 2000 }, async ({ view, send, told }) => {
        await send('sendToolInput', { arguments: { userIds } });
        const keys = tool.inputSchema.properties.sortBy.enum;
        for (const sortBy of era === 'legacy' ? keys : keys.slice(0, 2)) {
          const { content, structuredContent } = await client.callTool({ name: 'compare_bloggers', arguments: { userIds, sortBy, maxPriceCny: 30000, budgetCny: 60000 } });
          await given({ view, send }, { content, structuredContent });
          const all = async () => (await seen(view)).filter((t) => !/^all \d+ columns$/.test(t)).map((t) => t.replaceAll('|', '/'));
          const whole = await all();
          equal((await names(view)).length, structuredContent.rows.filter((r) => !r.error).length, 'rows');
          equal(await view.locator('select').inputValue(), sortBy, 'figure');
          await given({ view, send }, { content });
          same(await all(), whole, `by ${sortBy}: what the text alone shows`);
        }
        equal((await told()).initialized, 1, 'times that it said initialized');
      });
    });
  });
}

await check('app: the page shows what find_bloggers gives, from the text alone too', async () => {
  await withClient(['-upstream', 'sample'], {}, {}, async (client) => {
    const call = (args) => client.callTool({ name: 'find_bloggers', arguments: args });
    await host(html, { width: 2000 }, async ({ view, send }) => {
      for (const args of [{ minFollowers: 1000 }, { minFollowers: 1000, sortBy: 'cnyPerRead', budgetCny: 20000 }, { minFollowers: 1000, sortBy: 'followers', budgetCny: 100, format: 'image' }]) {
        const { content, structuredContent } = await call(args);
        await given({ view, send }, { content, structuredContent });
        const all = async () => (await seen(view)).filter((t) => !/^all \d+ columns$/.test(t));
        const whole = await all();
        assert(/ · 3[34] found$/.test(whole[0]), whole[0]);
        await given({ view, send }, { content });
        same(await all(), whole, `${JSON.stringify(args)}: what the text alone shows`);
      }
      assert((await texts(view, '#notes li')).includes('Plan within 100 CNY: no blogger that can be booked fits.'), 'that no plan fits');
      const { content } = await call({ topic: '没有这个' });
      await send('sendToolResult', { content });
      await view.waitForFunction(() => document.querySelector('h1').textContent === 'Nobody was found.');
      await given({ view, send }, { content: (await call({ who: 'https://www.xiaohongshu.com/explore/5a3e1e0000000000000000c1' })).content });
    });
  });
});

await check('app: -app=false takes all of it back', async () => {
  await withClient(['-upstream', 'sample', '-app=false'], {}, {}, async (client) => {
    const [{ tools }, { resources }] = [await client.listTools(), await client.listResources()];
    equal([tools.filter((t) => t._meta), resources.filter((r) => r.uri.startsWith('ui:')), client.getServerCapabilities().extensions], [[], [], undefined], 'tools with _meta, pages, extensions');
  });
});

await check('app: a headline says who is first by what, at which price, as of when, from where', async () => {
  await host(html, {}, async ({ view, send }) => {
    const head = async () => (await texts(view, 'header > *')).map(plainly);
    await shown({ view, send }, plain);
    equal(await head(), ['Video quotes of at most 20,000 CNY · 7 bloggers · 3 without figures', '小红薯的日常 is first by CNY per engagement: 24.13 CNY, at 18,000 CNY a note', 'From 2026-04-30 to 2026-05-01, from sample (recorded, not live data)'], 'of a comparison');
    await shown({ view, send }, { ...plain, rows: plain.rows.map((r) => (r.rank ? { ...r, cnyPerEngagement: 24.13 } : r)) });
    equal((await head())[1], '小红薯的日常, Tea with Ann are first by CNY per engagement: 24.13 CNY each', 'of equals');
    await shown({ view, send }, { ...plain, rows: plain.rows.slice(2) });
    equal((await head())[1], 'None of these bloggers has a rank by CNY per engagement', 'of nobody');
    await shown({ view, send }, { ...plain, rows: plain.rows.slice(3) });
    equal((await head())[1], 'None of these bloggers can be booked', 'of one that is closed');
    await send('sendToolResult', result({ ...plain, rows: plain.rows.slice(4) }));
    await view.waitForFunction(() => document.querySelector('h1').textContent === 'No figures of these bloggers');
    await shown({ view, send }, { ...plain, rows: plain.rows.slice(0, 1) });
    equal((await head())[1], '小红薯的日常: 18,000 CNY a note, 24.13 CNY per engagement', 'of one');
    await shown({ view, send }, found);
    equal(await head(), ['Video quotes · 4 bloggers · 1,320 or more found', "小红薯的日常 is first in the platform's order, at 18,000 CNY a note", 'As of 2026-05-01, from prod-global'], 'of a search');
    equal((await texts(view, '#trouble li')).map(plainly), ['1 failed: timeout: The upstream did not answer. page 2'], 'a page that failed');
    await send('sendToolResult', result({ rows: [], meta: { ...found.meta, fetched: 0 } }));
    await view.waitForFunction(() => document.querySelector('h1').textContent === 'Nobody was found.');
  });
});

await check('app: rows without figures stand apart, one cause once', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal(await names(view), plain.rows.slice(0, 4).map((r) => r.name), 'rows of the table');
    equal((await texts(view, '#trouble li')).map(plainly), ['2 failed: not_found: The upstream has no profile for this userId (code 201). 5a3e1e0000000000000000e1, 5a3e1e0000000000000000e2', '1 without an answer yet: pending: The look-up goes on. 5a3e1e0000000000000000e3'], 'causes');
    equal((await texts(view, '#table tbody th')).map(plainly), ['小红薯的日常', 'Tea with Ann ⚑ low-active', '阿福', 'Closed Carl Not bookable: closed'], 'names with flags and reasons, without the flag that all have');
  });
});

await check('app: the table is sorted by any column, what is unknown last', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal(await sorted(view), [['#', 'ascending']], 'the order at first');
    await header(view, 'followers').click();
    equal([await column(view, 'Followers'), await sorted(view)], [['250,000', '103,684', '52,000', '900'], [['Followers', 'descending']]], 'most followers first');
    await view.locator('#table thead button:focus').press('Enter');
    equal([await column(view, 'Followers'), await sorted(view)], [['900', '52,000', '103,684', '250,000'], [['Followers', 'ascending']]], 'by the keyboard, least first');
    await header(view, 'cnyPerEngagement').click();
    equal([await column(view, 'CNY/engagement'), await sorted(view)], [['24.13', '29.27', '–', '–'], [['CNY/engagement', 'ascending']]], 'lowest cost first');
    await view.locator('#whole input').check();
    for (const key of await view.locator('#table thead button').evaluateAll((all) => all.map((b) => b.dataset.key))) {
      await header(view, key).click();
      equal([(await names(view)).length, (await sorted(view)).length], [4, 1], `rows and columns in order, by ${key}`);
    }
  });
});

await check('app: price and the ranked figure stay at every width, and all columns can be had', async () => {
  for (const [width, least] of [[320, 3], [768, 6], [1200, 9]]) {
    await host(html, { width }, async ({ view, send }) => {
      await shown({ view, send }, odd);
      const visible = () => view.locator('#table thead th').evaluateAll((all) => all.filter((th) => th.checkVisibility()).map((th) => th.querySelector('span').textContent));
      const head = await visible();
      assert(['Name', 'Price CNY', 'CNY/engagement'].every((name) => head.includes(name)) && head.length >= least, `${width} px: ${head}`);
      equal([await wide(view), await view.evaluate(() => document.querySelector('#table').scrollWidth > document.querySelector('#table').clientWidth)], [false, false], `${width} px: the page and the table are wider than they may be`);
      await view.locator('#whole input').check();
      equal((await visible()).length, await view.locator('#table thead th').count(), 'all columns');
      if (width > 320) return;
      const [corner, head2] = await view.evaluate(() => {
        const box = document.querySelector('#table');
        box.scrollTo(200, 300);
        const at = (s) => { const r = document.querySelector(s).getBoundingClientRect(), b = box.getBoundingClientRect(); return [Math.round(r.x - b.x), Math.round(r.y - b.y)]; };
        return [at('#table tbody tr:nth-child(9) .name'), at('#table thead .name')];
      });
      assert(corner[0] <= 1 && head2[1] <= 1, `the first column and the header moved: ${corner}, ${head2}`);
    });
  }
});

await check('app: bars of the figure that the reader picks, one far beyond does not flatten the rest', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal(await bars(view), ['1 小红薯的日常 24.13', '2 Tea with Ann 29.27', '阿福 unknown', 'Closed Carl Not bookable: closed unknown'], 'by cost');
    await view.locator('select').selectOption('followers');
    equal(await bars(view), ['1 小红薯的日常 103,684', '2 Tea with Ann 52,000', '3 阿福 900', 'Closed Carl Not bookable: closed 250,000'], 'by followers');
    const widths = () => view.locator('.bar').evaluateAll((all) => all.map((b) => Math.round(parseFloat(b.style.width))));
    equal(await widths(), [41, 21, 0, 100], 'lengths in percent');
    equal(await view.locator('.bar').evaluateAll((all) => all.map((b) => getComputedStyle(b).backgroundImage.startsWith('repeating'))), [false, false, false, true], 'hatched');
    await shown({ view, send }, { ...plain, rows: plain.rows.map((r) => (r.notBookable ? { ...r, followers: 25e6 } : r)) });
    await view.locator('select').selectOption('followers');
    equal([await view.locator('.cut').count(), (await widths())[0] > 30], [1, true], 'torn edges and a length, where one far beyond cannot be booked');
    assert((await texts(view, '#scale'))[0].startsWith('Followers · highest first'), `${await texts(view, '#scale')}`);
    await shown({ view, send }, odd);
    await view.locator('#more').click();
    const long = await view.locator('.cut').count(), others = await widths();
    equal([long, Math.min(...others) >= 10, (await texts(view, '#scale'))[0].includes('bars end at')], [1, true, true], 'torn edges, the least length, a word about it');
    await view.locator('select').selectOption('followerGrowthRate30dPercent');
    const starts = await view.locator('.bar').evaluateAll((all) => all.map((b) => Math.round(b.getBoundingClientRect().x)));
    assert(new Set(starts).size > 3, `bars below zero begin left of zero: ${starts}`);
  });
});

await check('app: the chart names its marks without overlap, and tells equal points apart', async () => {
  for (const width of [320, 1200]) {
    await host(html, { width }, async ({ view, send }) => {
      await shown({ view, send }, odd);
      const covered = await view.evaluate(() => {
        const boxes = [...document.querySelectorAll('svg .who, svg .mark')].map((e) => [e.textContent || 'mark', e.getBoundingClientRect()]);
        return boxes.flatMap(([a, r], i) => boxes.slice(i + 1).filter(([b, s]) => (a !== 'mark' || b !== 'mark') && r.left < s.right - 1 && s.left < r.right - 1 && r.top < s.bottom - 1 && s.top < r.bottom - 1).map(([b]) => `${a} covers ${b}`));
      });
      equal(covered, [], `${width} px`);
      const places = await view.locator('svg g').evaluateAll((all) => all.map((g) => g.getAttribute('transform')));
      equal(new Set(places).size, 20, 'places of 20 marks, of which three are equal');
      equal(await view.locator('svg .axis').allTextContents(), ['Price CNY →', '↑ Engagement median'], 'names of the axes');
      assert((await texts(view, '#legend'))[0].includes('Both axes grow by multiples'), `${await texts(view, '#legend')}`);
    });
  }
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, many(2));
    equal(await view.locator('#plot').isVisible(), false, 'shown for two');
    await shown({ view, send }, plain);
    await view.locator('svg g .mark').nth(0).hover();
    equal((await texts(view, '#tip')).map(plainly), ['小红薯的日常 Price CNY 18,000 Engagement median 746'], 'on hover');
    await view.locator('h1').hover();
    equal(await view.locator('#tip').isVisible(), false, 'shown after leaving');
    await view.locator('select').focus();
    while (!(await view.evaluate(() => document.activeElement.matches('svg g')))) await view.page().keyboard.press('Tab');
    for (const name of ['Tea with Ann', 'Closed Carl']) {
      await view.page().keyboard.press('ArrowRight');
      assert((await texts(view, '#tip'))[0].startsWith(name), `on focus: ${await texts(view, '#tip')}, want ${name}`);
    }
    equal(await view.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Closed Carl, Price CNY 30,000, Engagement median 2,500, Not bookable: closed', 'label');
    await view.page().keyboard.press('Escape');
    equal(await view.locator('#tip').isVisible(), false, 'shown after Escape');
  });
});

await check('app: the reader chooses rows and sees their sums against a budget', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    const sum = async () => plainly((await texts(view, '#sum'))[0]);
    const tick = (name) => view.getByLabel(`Choose ${name}`, { exact: true });
    equal([await tick('Tea with Ann').isChecked(), await sum()], [true, 'Chosen 1 Price 12,000 CNY Sum of read medians 9,000 Sum of engagement medians 410 Budget, CNY Left 3,000 CNY'], 'the plan');
    await tick('小红薯的日常').check();
    await tick('阿福').press('Space');
    equal(await sum(), 'Chosen 3 Price 30,000 CNY + 1 unknown Sum of read medians 73,478 + 1 unknown Sum of engagement medians 1,156 + 1 unknown Budget, CNY ▲ Over the budget by 15,000 CNY', 'more');
    for (const [typed, want] of [['4万', 'Left 10,000 CNY'], ['45,000.5', 'Left 15,000.5 CNY'], ['30k', 'Left 0 CNY'], ['much', 'Budget, CNY'], ['', 'Budget, CNY']]) {
      await view.locator('#budget').fill(typed);
      assert((await sum()).endsWith(want), `a budget of "${typed}": got ${await sum()}, want ${want}`);
    }
    await header(view, 'followers').click();
    equal(await tick('小红薯的日常').isChecked(), true, 'chosen after sorting');
    await shown({ view, send }, { ...plain, rows: plain.rows.map((r) => (r.priceCny ? { ...r, priceWithFeeCny: r.priceCny * 1.1 } : r)) });
    assert((await sum()).includes('Price with fee 13,200 CNY'), await sum());
  });
});

await check("app: the host's theme, its change and its colors", async () => {
  for (const scheme of ['light', 'dark']) {
    await host(html, { scheme, context: { theme: 'dark' } }, async ({ view, send }) => {
      await shown({ view, send }, plain);
      const back = () => view.evaluate(() => getComputedStyle(document.body).backgroundColor);
      equal(await back(), 'rgb(25, 25, 28)', `dark, in a browser that prefers ${scheme}`);
      await send('setHostContext', { theme: 'light' });
      await view.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)');
      await send('setHostContext', { theme: 'dark', styles: { variables: { '--color-background-primary': 'light-dark(rgb(1, 2, 3), rgb(4, 5, 6))' } } });
      await view.waitForFunction(() => getComputedStyle(document.body).backgroundColor === 'rgb(4, 5, 6)');
    });
  }
});

await check('app: Chinese and English by the locale of the host', async () => {
  await host(html, { context: { locale: 'zh-CN' } }, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal(await view.evaluate(() => [document.documentElement.lang, document.querySelector('h1').textContent]), ['zh-CN', '按互动单价 (CPE)，小红薯的日常 排名第一：24.13\u00a0元，每篇报价 18,000\u00a0元'], 'lang, headline');
    const left = (await view.locator('body').innerText()).match(/[A-Za-z][A-Za-z/ ]{3,}/g).filter((w) => !/Tea with Ann|Closed Carl|not_found|found|The upstream has no profile for this userId|code|pending|The look|up goes on/.test(w));
    equal(left, [], 'English words in Chinese');
    assert((await bars(view)).includes('Closed Carl 不可下单：暂停接单 未知'), `${await bars(view)}`);
    equal([await column(view, '粉丝数'), (await texts(view, '#sum b'))[2]], [['10.37万', '5.20万', '900', '25.00万'], '9,000'], 'counts in 万, everywhere alike');
    await send('setHostContext', { locale: 'en-GB' });
    await view.waitForFunction(() => document.documentElement.lang === 'en');
    assert((await texts(view, 'h1'))[0].startsWith('小红薯的日常 is first'), `${await texts(view, 'h1')}`);
  });
});

await check('app: inline it is at most 500 px high, then it scrolls as a whole', async () => {
  await host(html, { width: 600 }, async ({ tab, view, send, told }) => {
    const reported = async () => (await told()).sizes.at(-1);
    await send('sendToolInput', { arguments: { userIds: ['x'] } });
    await view.waitForFunction(() => document.querySelector('#status').textContent && document.documentElement.scrollHeight === innerHeight);
    assert((await reported()).height < 200, `while it waits: ${JSON.stringify(await reported())}`);
    await shown({ view, send }, many(20));
    await view.waitForFunction(() => innerHeight === 500);
    equal(await reported(), { width: 600, height: 500 }, 'of 20 rows');
    equal(await view.evaluate(() => (scrollTo(0, 9999), scrollY > 500)), true, 'scrolls');
    await tab.evaluate(() => (window.frame.style.width = '320px'));
    await view.waitForFunction(() => innerWidth === 320);
    equal([await wide(view), (await reported()).height], [false, 500], 'narrower: too wide, height');
  });
});

await check('app: a profile opens by ui/open-link, where the host can', async () => {
  const url = 'https://www.xiaohongshu.com/user/profile/' + plain.rows[0].userId;
  await host(html, {}, async ({ view, send, told }) => {
    await shown({ view, send }, plain);
    await view.locator('#table tbody a').first().click();
    await view.locator('#table tbody a').first().press('Enter');
    equal((await told()).links, [url, url], 'links');
  });
  await host(html, { refuse: true }, async ({ view, send }) => {
    await shown({ view, send }, plain);
    await view.locator('#table tbody a').first().click();
    await view.waitForFunction((u) => document.querySelector('#status').textContent.endsWith(u), url);
  });
  await host(html, { capabilities: {} }, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal([(await names(view)).length, await view.locator('a').count()], [4, 0], 'names and links without openLinks');
  });
});

await check('app: names are text, whatever they are', async () => {
  for (const width of [320, 1200]) {
    await host(html, { width }, async ({ view, send }) => {
      await shown({ view, send }, many(20));
      equal((await names(view)).slice(0, hostile.length), hostile, 'names');
      equal(await view.locator('img, iframe, object, body script').count(), 1, 'scripts and what loads something: our own script');
      for (let i = 0; i < 7; i++) await view.locator('svg g').nth(i).focus();
      equal(await wide(view), false, 'it is wider than its frame');
    });
  }
});

await check('app: 1 row, 20 rows, all failed', async () => {
  for (const n of [1, 20]) {
    await host(html, { width: 320 }, async ({ view, send }) => {
      await shown({ view, send }, many(n));
      equal([(await names(view)).length, await view.locator('#bars li').count(), await view.locator('svg g').count()], [n, n > 1 ? 12 : 0, n > 2 ? n : 0], 'rows, bars of more than one, points of more than two');
    });
  }
  await host(html, {}, async ({ view, send }) => {
    const drawn = () => view.evaluate(() => [...document.querySelectorAll('#rank, #plot')].map((e) => e.checkVisibility()));
    await shown({ view, send }, { rows: [{ userId: plain.rows[0].userId, name: 'a' }, plain.rows[4]], meta: { ...plain.meta, caveats: [] } });
    equal([await names(view), await drawn()], [['a'], [false, false]], 'where nothing is known: names, bars and chart');
    await shown({ view, send }, plain);
    equal(await drawn(), [true, true], 'bars and chart afterwards');
  });
  await host(html, {}, async ({ view, send }) => {
    await send('sendToolResult', failed);
    await view.waitForFunction(() => document.querySelector('#status').textContent !== '');
    equal([await view.locator('#status').textContent(), await view.locator('#all').isVisible()], [failedText, false], 'the text, and no table');
  });
});

await check('app: what is not a comparison of ours is left aside', async () => {
  const others = [{ content: [{ type: 'text', text: 'hello' }] }, { content: [], structuredContent: { rows: [{ id: 1 }], meta: { sortBy: 'id' } } }, { content: [], structuredContent: { rows: [{ userId: 'a' }] } }, { content: [{ type: 'text', text: '| a | b |\n|---|---|\n| 1 | 2 |' }], structuredContent: { summary: {} } }];
  await host(html, {}, async ({ view, send }) => {
    const status = () => view.locator('#status').textContent();
    await send('sendToolInputPartial', { arguments: {} });
    await view.waitForFunction(() => document.querySelector('#status').textContent === 'Looking up…');
    for (const o of others) await send('sendToolResult', o);
    await send('sendToolCancelled', { reason: 'the user' });
    await view.waitForFunction(() => document.querySelector('#status').textContent === 'Cancelled.');
    equal(await view.locator('#all').isVisible(), false, 'shown');
    await shown({ view, send }, plain);
    for (const o of [...others, failed]) await send('sendToolResult', o);
    await send('sendToolCancelled', {});
    await send('setHostContext', { locale: 'zh-CN' }); // it comes after them
    await view.waitForFunction(() => document.documentElement.lang === 'zh-CN');
    equal([await status(), (await names(view)).length], ['', 4], 'status and rows after results of other tools');
    await shown({ view, send }, many(2));
    equal((await names(view)).length, 2, 'rows of a second comparison');
  });
});

await check('app: teardown, ping and what it does not know', async () => {
  await host(html, {}, async ({ tab, view, send }) => {
    await shown({ view, send }, plain);
    equal(await send('teardownResource', {}), {}, 'answer to teardown');
    const ask = (method) => tab.evaluate((m) => new Promise((done) => {
      window.addEventListener('message', (e) => e.data.id === m && done(e.data));
      window.frame.contentWindow.postMessage({ jsonrpc: '2.0', id: m, method: m, params: {} }, '*');
    }), method);
    equal(await ask('ping'), { jsonrpc: '2.0', id: 'ping', result: {} }, 'answer to ping');
    equal((await ask('tools/list')).error.code, -32601, 'answer to an unknown method');
  });
});

for (const theme of ['light', 'dark']) {
  await check(`app: axe finds nothing in the ${theme} theme, and targets have 44 px`, async () => {
    for (const width of [320, 1200]) {
      for (const locale of ['en', 'zh-CN']) {
        await host(html, { width, context: { theme, locale } }, async ({ view, send }) => {
          await shown({ view, send }, plain);
          await view.locator('select').selectOption('followers');
          await view.locator('svg g').first().focus();
          equal([await serious(view), await small(view)], [[], []], `${width} px, ${locale}`);
        });
      }
    }
  });
}

upstream.stop();
await stop();
process.exit();
