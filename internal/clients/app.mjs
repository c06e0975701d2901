// The comparison's page in a host of MCP Apps, in a real browser: nothing but
// the protocol's messages goes in or out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { failed, failedText, hostile, malformed, many, plain, result, stripped } from './app-fixtures.mjs';
import { host, stop } from './app-lib.mjs';
import { bars, column, header, names, serious, sorted, texts } from './app-reader.mjs';
import { assert, binary, check, environment, equal, recorded, root, within } from './lib.mjs';

// html is the page as the server gives it.
const html = await within(20, page(), 'reading the page');
async function page() {
  const client = new Client({ name: 'host', version: '1' });
  await client.connect(new StdioClientTransport({ command: binary, args: ['-upstream', 'sample'], env: environment(), stderr: 'ignore' }));
  const { uri } = (await client.listResources()).resources.find((r) => r.uri.startsWith('ui://'));
  const [{ text }] = (await client.readResource({ uri })).contents;
  await client.close();
  return text;
}

// all is everything that is shown.
const all = (view) => view.evaluate(() => [...document.querySelectorAll('h1, #counts, #bars li, svg g, thead th, tbody th, tbody td, ul li')].map((e) => e.getAttribute('aria-label') ?? e.innerText));

// given sends a result and waits until the page shows it.
async function given({ view, send }, r) {
  await view.evaluate(() => document.querySelector('tbody').replaceChildren());
  await send('sendToolResult', r);
  await view.waitForSelector('tbody tr');
}
const shown = (page, comparison) => given(page, result(comparison));

// same names the first text that differs.
function same(got, want, what) {
  const i = want.findIndex((w, i) => got[i] !== w);
  equal([got[i], got.length], [want[i], want.length], `${what}, text ${i} and the number of them`);
}

for (const [era, options] of [['legacy', {}], ['2026-07-28', { versionNegotiation: { mode: 'auto' } }]]) {
  await check(`app ${era}: the tool's page shows the tool's result, from the text alone too`, async () => {
    const client = new Client({ name: 'host', version: '1' }, options);
    await client.connect(new StdioClientTransport({ command: binary, args: ['-upstream', 'sample'], env: environment(), stderr: 'ignore' }));
    const tool = (await client.listTools()).tools.find((t) => t.name === 'compare_bloggers');
    const uri = tool._meta.ui.resourceUri;
    equal([tool._meta['ui/resourceUri'], tool.title, tool.icons[0].mimeType], [uri, 'Compare bloggers', 'image/png'], 'the older name of the address, title, icon');
    equal(client.getServerCapabilities().extensions, { 'io.modelcontextprotocol/ui': { mimeTypes: ['text/html;profile=mcp-app'] } }, 'extensions');
    const listed = (await client.listResources()).resources.find((r) => r.uri === uri);
    const [contents] = (await client.readResource({ uri })).contents;
    for (const r of [listed, contents]) equal([r.mimeType, r._meta], ['text/html;profile=mcp-app', { ui: { prefersBorder: true } }], 'type and _meta of the page');
    equal(contents.text, html, 'the page');
    // One of the recorded profiles has texts that the table cuts.
    const userIds = [...recorded.filter((id) => !id.endsWith('7')), '5a3e1e0000000000000000e1', 'no <id> | at all'];
    await host(html, {}, async ({ view, send, seen }) => {
      await send('sendToolInput', { arguments: { userIds } });
      for (const sortBy of tool.inputSchema.properties.sortBy.enum) {
        const { content, structuredContent } = await client.callTool({ name: 'compare_bloggers', arguments: { userIds, sortBy, maxPriceCny: 15000 } });
        await given({ view, send }, { content, structuredContent });
        const whole = await all(view);
        equal(await names(view), structuredContent.rows.map((r) => r.name ?? r.userId), 'names');
        equal(await view.locator('select').inputValue(), sortBy, 'figure');
        await given({ view, send }, { content });
        same(await all(view), whole.map((t) => t.replaceAll('|', '/')), `by ${sortBy}: what the text alone shows`);
      }
      equal((await seen()).initialized, 1, 'times that it said initialized');
    });
    await client.close();
  });
}

await check('app: -app=false takes all of it back', async () => {
  const client = new Client({ name: 'host', version: '1' }, {});
  await client.connect(new StdioClientTransport({ command: binary, args: ['-upstream', 'sample', '-app=false'], env: environment(), stderr: 'ignore' }));
  const [{ tools }, { resources }] = [await client.listTools(), await client.listResources()];
  equal([tools.filter((t) => t._meta), resources.map((r) => r.uri), client.getServerCapabilities().extensions], [[], ['pgy://field-guide'], undefined], 'tools with _meta, resources, extensions');
  await client.close();
});

await check('app: the table is sorted by any column, what is unknown last', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal(await sorted(view), [['#', 'ascending']], 'the order at first');
    await header(view, 'Followers').click();
    equal([await column(view, 'Followers'), await sorted(view)], [['250,000', '103,684', '52,000', '900', '–'], [['Followers', 'descending']]], 'most followers first');
    await view.locator('thead button:focus').press('Enter');
    equal([await column(view, 'Followers'), await sorted(view)], [['900', '52,000', '103,684', '250,000', '–'], [['Followers', 'ascending']]], 'by the keyboard, least first');
    await header(view, 'CNY/engagement').click();
    equal([await column(view, 'CNY/engagement'), await sorted(view)], [['24.13', '29.27', '–', '–', '–'], [['CNY/engagement', 'ascending']]], 'lowest cost first');
    for (const name of await texts(view, 'thead th span')) {
      await header(view, name.replace(/ [▲▼]$/, '')).first().click();
      equal([(await names(view)).length, (await sorted(view)).length], [plain.rows.length, 1], `rows and columns in order, by ${name}`);
    }
  });
});

await check('app: bars of the figure that the reader picks, with units', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal(await bars(view), ['1 小红薯的日常 24.13 CNY', '2 Tea with Ann 29.27 CNY', '阿福 unknown', 'Closed Carl not bookable: closed unknown'], 'by cost');
    await view.locator('select').selectOption('followers');
    equal(await bars(view), ['1 小红薯的日常 103,684 followers', '2 Tea with Ann 52,000 followers', '3 阿福 900 followers', 'Closed Carl not bookable: closed 250,000 followers'], 'by followers');
    await view.locator('select').selectOption('priceCny');
    equal((await bars(view)).slice(2), ['Closed Carl not bookable: closed 30,000 CNY a note', '阿福 unknown'], 'by price, after who can be booked: as the server has it, who has no value last');
    await view.locator('select').selectOption('followers');
    equal(await view.locator('.bar').evaluateAll((all) => all.map((b) => Math.round(parseFloat(b.style.width)))), [41, 21, 0, 100], 'lengths in percent');
    const backs = await view.locator('.bar').evaluateAll((all) => all.map((b) => getComputedStyle(b).backgroundImage.startsWith('repeating')));
    equal(backs, [false, false, false, true], 'hatched');
  });
});

await check('app: the chart says names on hover and focus', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, plain);
    const points = view.locator('svg g');
    equal(await points.count(), 3, 'points');
    await points.nth(0).hover();
    equal(await texts(view, '#tip'), ['Tea with Ann\n12,000 CNY a note\n410 engagements a note'], 'on hover');
    await view.locator('h1').hover();
    equal(await view.locator('#tip').isVisible(), false, 'shown after leaving');
    await view.locator('select').focus();
    while (!(await view.evaluate(() => document.activeElement.matches('svg g')))) await view.page().keyboard.press('Tab');
    for (const name of ['小红薯的日常', 'Closed Carl']) {
      await view.page().keyboard.press('ArrowRight');
      assert((await texts(view, '#tip'))[0].startsWith(name), `on focus: ${await texts(view, '#tip')}, want ${name}`);
    }
    equal(await view.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Closed Carl, 30,000 CNY a note, 2,500 engagements a note, not bookable: closed', 'label');
    await view.page().keyboard.press('Escape');
    equal(await view.locator('#tip').isVisible(), false, 'shown after Escape');
    const same = { priceCny: 9000, engagementMedian: 300 };
    await shown({ view, send }, { ...plain, rows: plain.rows.slice(0, 2).map((r) => ({ ...r, ...same })) });
    await view.locator('svg g').nth(1).hover();
    equal((await texts(view, '#tip .name')).sort(), ['Tea with Ann', '小红薯的日常'], 'of two at the same place');
  });
});

await check("app: the host's theme, its change and its colors", async () => {
  for (const scheme of ['light', 'dark']) {
    await host(html, { scheme, context: { theme: 'dark' } }, async ({ view, send }) => {
      await shown({ view, send }, plain);
      const back = () => view.evaluate(() => getComputedStyle(document.body).backgroundColor);
      equal(await back(), 'rgb(28, 28, 31)', `dark, in a browser that prefers ${scheme}`);
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
    equal(await view.evaluate(() => [document.documentElement.lang, document.title, document.querySelector('thead').textContent.includes('粉丝数')]), ['zh-CN', '报价对比：视频', true], 'lang, title, a column');
    const left = (await view.locator('body').innerText()).match(/[A-Za-z][A-Za-z/ ]{3,}/g).filter((w) => !/Tea with Ann|Closed Carl|not_found|found|The upstream has no profile for this userId|code/.test(w));
    equal(left, [], 'English words in Chinese');
    assert((await bars(view)).includes('Closed Carl 不可下单：暂停接单 未知'), `${await bars(view)}`);
    await send('setHostContext', { locale: 'en-GB' });
    await view.waitForFunction(() => document.documentElement.lang === 'en');
    equal(await texts(view, 'h1'), ['Quotes compared: video'], 'title');
  });
});

await check('app: the height that it reports is its height', async () => {
  await host(html, { width: 600 }, async ({ tab, view, send, seen }) => {
    // A frame that got the height has nothing to scroll.
    const fits = async (what) => {
      await view.waitForFunction(() => document.documentElement.scrollHeight === innerHeight && document.documentElement.getBoundingClientRect().height > innerHeight - 1);
      equal((await seen()).sizes.at(-1), await view.evaluate(() => ({ width: innerWidth, height: innerHeight })), what);
    };
    await send('sendToolInput', { arguments: { userIds: ['x'] } });
    await view.waitForFunction(() => document.querySelector('#status').textContent);
    await fits('while it waits');
    await shown({ view, send }, many(20));
    await fits('20 rows');
    await tab.evaluate(() => (window.frame.style.width = '320px'));
    await view.waitForFunction(() => innerWidth === 320 && document.querySelector('svg').clientWidth < 320);
    await fits('narrower');
    await shown({ view, send }, many(1));
    await fits('1 row');
  });
});

await check('app: a profile opens by ui/open-link, where the host can', async () => {
  const url = 'https://www.xiaohongshu.com/user/profile/' + plain.rows[0].userId;
  await host(html, {}, async ({ view, send, seen }) => {
    await shown({ view, send }, plain);
    await view.locator('#bars a').first().click();
    await view.locator('tbody a').first().press('Enter');
    equal((await seen()).links, [url, url], 'links');
  });
  await host(html, { refuse: true }, async ({ view, send }) => {
    await shown({ view, send }, plain);
    await view.locator('tbody a').first().click();
    await view.waitForFunction((u) => document.querySelector('#status').textContent.endsWith(u), url);
  });
  await host(html, { capabilities: {} }, async ({ view, send }) => {
    await shown({ view, send }, plain);
    equal([(await names(view)).length, await view.locator('a').count()], [5, 0], 'names and links without openLinks');
  });
});

await check('app: without structuredContent it shows the same from the text', async () => {
  const seenBy = [];
  const hostiles = { ...many(7), meta: { ...many(7).meta, format: 'video' } };
  const flat = { rows: [...hostiles.rows.map((r) => ({ ...r, name: r.name.replace('\u2028', ' '), mcn: r.mcn.replace('\u2028', ' ') })), malformed, plain.rows[4]], meta: { ...hostiles.meta, caveats: [] } };
  for (const comparison of [plain, flat]) {
    for (const r of [result(comparison), stripped(comparison)]) {
      await host(html, {}, async (page) => {
        const { view } = page;
        await given(page, r);
        seenBy.push(await all(view));
      });
    }
  }
  same(seenBy[1], seenBy[0], 'plain');
  same(seenBy[3], seenBy[2], 'names with Markdown in them');
});

await check('app: names are text, whatever they are', async () => {
  for (const width of [320, 1200]) {
    await host(html, { width }, async ({ view, send }) => {
      await shown({ view, send }, many(20));
      equal((await names(view)).slice(0, hostile.length), hostile, 'names');
      equal(await view.locator('img, iframe, object, body script').count(), 1, 'scripts and what loads something: our own script');
      for (let i = 0; i < 7; i++) await view.locator('svg g').nth(i).focus();
      equal(await view.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, 'it is not wider than its frame');
    });
  }
});

await check('app: 1 row, 20 rows, all failed', async () => {
  for (const n of [1, 20]) {
    await host(html, { width: 320 }, async ({ view, send }) => {
      await shown({ view, send }, many(n));
      equal([(await names(view)).length, await view.locator('#bars li').count(), await view.locator('svg g').count()], [n, n, n], 'rows, bars, points');
    });
  }
  await host(html, {}, async ({ view, send }) => {
    const drawn = () => view.evaluate(() => [...document.querySelectorAll('select, svg')].map((e) => e.clientWidth > 0));
    await shown({ view, send }, { rows: [{ userId: plain.rows[0].userId, name: 'a' }, plain.rows[4]], meta: { ...plain.meta, caveats: [] } });
    equal([await names(view), await drawn()], [['a', plain.rows[4].userId], [false, false]], 'where nothing is known: names, figures and chart');
    await shown({ view, send }, plain);
    equal(await drawn(), [true, true], 'figures and chart afterwards');
  });
  await host(html, {}, async ({ view, send }) => {
    await send('sendToolResult', failed);
    await view.waitForFunction(() => document.querySelector('#status').textContent !== '');
    equal([await view.locator('#status').textContent(), await view.locator('#all').isVisible()], [failedText, false], 'the text, and no table');
  });
});

await check("app: what is not a comparison of ours is left aside", async () => {
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
    equal([await status(), (await names(view)).length], ['', plain.rows.length], 'status and rows after results of other tools');
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
  await check(`app: axe finds nothing in the ${theme} theme`, async () => {
    for (const width of [320, 1200]) {
      for (const locale of ['en', 'zh-CN']) {
        await host(html, { width, context: { theme, locale } }, async ({ view, send }) => {
          await shown({ view, send }, plain);
          await view.locator('select').selectOption('followers');
          await view.locator('svg g').first().focus();
          equal(await serious(view), [], `${width} px, ${locale}`);
        });
      }
    }
  });
}

await stop();
process.exit();
