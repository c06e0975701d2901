// The blogger's page in a host of MCP Apps, in a real browser.
import { failed, failedText, hostile, insights, plain, profile, result } from './app-fixtures.mjs';
import { host, pageOf, stop, withClient } from './app-lib.mjs';
import { plainly, seen, serious, small, texts, wide } from './app-reader.mjs';
import { recordedUpstream } from './app-upstream.mjs';
import { assert, check, equal, within } from './lib.mjs';

const html = await within(20, pageOf('blogger'), 'reading the page');
const shown = async ({ view, send }, structuredContent) => {
  await view.evaluate(() => document.querySelector('#all').replaceChildren());
  await send('sendToolResult', result(structuredContent));
  await view.waitForSelector('article');
};
const facts = async (view) => Object.fromEntries(await view.locator('dl > div').evaluateAll((all) => all.map((d) => [d.children[0].innerText, d.children[1].innerText])));

const upstream = await recordedUpstream((data) => ({ ...data, name: hostile[0] }));
const everything = '5a3e1e000000000000000004';
for (const [era, options] of [['legacy', {}], ['2026-07-28', { versionNegotiation: { mode: 'auto' } }]]) {
  await check(`blogger ${era}: the page shows what the tools give, from the text alone too`, async () => {
    await withClient(['-fee-percent', '10', '-budget', '100', ...upstream.flags], upstream.env, options, async (client) => {
      const { tools } = await client.listTools();
      for (const name of ['get_blogger_profile', 'get_blogger_insights']) {
        const { _meta, inputSchema } = tools.find((t) => t.name === name), uri = _meta.ui.resourceUri;
        equal([_meta['ui/resourceUri'], (await client.readResource({ uri })).contents[0].text === html], [uri, true], `${name}: the older name of the address, the page`);
        const calls = name === 'get_blogger_profile' ? [{}] : [{ sections: inputSchema.properties.sections.items.enum }, { sections: ['performance', 'notes', 'trend'], scope: 'sponsored', format: 'video', days: 90 }, { sections: ['growth', 'costs'] }];
        for (const given of era === 'legacy' ? calls : calls.slice(0, 1)) {
          for (const userId of given.days ? [everything] : [everything, '5a3e1e000000000000000005']) {
            const { content, structuredContent, isError } = await client.callTool({ name, arguments: { userId, raw: 'none', ...given } });
            assert(!isError, `${name}: ${content[0].text}`);
            await host(html, {}, async ({ view, send }) => {
              // Days are drawn from the text as exactly as it has them.
              const all = async () => (await seen(view)).filter((t) => !/^(Drawn from|Impression median|last [\d,]+ \(|\d{4}-\d\d-\d\d$)|: \d{4}-\d\d-\d\d [\d,]+,|change [+-]?\d/.test(t)).map((t) => t.replaceAll('|', '/'));
              await send('sendToolResult', { content, structuredContent });
              await view.waitForSelector('article');
              const whole = await all();
              await view.evaluate(() => document.querySelector('#all').replaceChildren());
              await view.evaluate(() => (shown = undefined));
              await send('sendToolResult', { content });
              await view.waitForSelector('article');
              const alone = await all(), i = whole.findIndex((t, i) => t !== alone[i]);
              equal([alone[i], alone.length], [whole[i], whole.length], `${name} ${JSON.stringify(given)} of ${userId}: what the text alone shows, text ${i}`);
            });
          }
        }
      }
    });
  });
}

await check('blogger: a profile has its quotes with unit costs, figures, changes, signs', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, profile);
    equal((await texts(view, 'header > *')).map(plainly), ['上海 · female · 美妆 (护肤) · 星光传媒', '小红薯的日常', 'Video note 18,000 CNY (24.13 CNY per engagement)', '⚑ low-active⚑ Health level ordinary (level 1 of 0 to 2, more is better)', 'As of 2026-05-01, from prod-global', `Xiaohongshu page ${profile.summary.userId}`], 'head');
    equal((await texts(view, '.quote')).map(plainly), ['Video note 18,000 CNY ✓ open 19,800 CNY with fee 24.13 CNY per engagement 0.279 CNY per read', 'Image note 13,000 CNY ✕ closed, cannot be booked now'], 'quotes');
    equal((await texts(view, '.plainly li')).map(plainly), ['Video quote: 16,000 → 18,000 (+12.50 %), since 2026-10-01', 'The platform marks this blogger as low-active.'], 'changes and caveats');
    const got = await facts(view);
    equal([got.Followers, got['Engagement/read ratio'], got['CPM, video'], got['Low-active']], ['103,684', '1.16 % (of the medians)', '259.54 CNY per 1,000 impressions', 'yes'], 'figures');
    assert((await texts(view, 'main'))[0].includes('Not provided: likesAndCollects (unknown, not zero)'), 'what is not provided is said');
    equal(await view.locator('.asking li').count(), 8, 'sections that would each cost a request');
    assert((await texts(view, '.asking'))[0].includes('one paid request') && (await texts(view, '.asking'))[0].includes('Requests left: 7'), `${await texts(view, '.asking')}`);
  });
});

await check('blogger: insights have bars, lines, notes, failures told once, and join a profile of the same blogger', async () => {
  await host(html, {}, async ({ view, send }) => {
    await shown({ view, send }, { ...insights, notes: { ...insights.notes, total: 0, rows: [] } });
    equal(await view.locator('.blocks').evaluateAll((all) => all.flatMap((b) => [...b.childNodes]).filter((n) => n.nodeType === Node.TEXT_NODE).map((n) => n.data)), [], 'text outside of blocks, of a section without notes');
    await shown({ view, send }, insights);
    equal((await texts(view, 'h2')).map((t) => t.split('\n')[0]), ['Performance', 'Audience', 'Notes', 'Growth', 'Not looked up', 'To keep in mind'], 'sections');
    equal((await texts(view, '.bars li')).map(plainly), ['reads 91.20 %', 'discovery 65.50 %', 'search 34.50 %', '<18 3.12 %', '18-24 24.17 %', '<b>北京</b> 6.71 %'], 'bars');
    equal(await view.locator('svg.line').evaluateAll((all) => all.map((s) => s.getAttribute('aria-label'))), ['Followers: 2026-04-01 1,190,926, 2026-04-02 1,191,068, 2026-04-03 1,203,344'], 'lines');
    equal((await texts(view, '.callout')).map(plainly), ['Failed: Costs, Followers timeout: late.'], 'one cause');
    equal(await view.locator('.wide tbody tr').evaluateAll((all) => all.map((r) => [...r.children].map((c) => c.textContent))), [['2026-04-30', hostile[0], '样例品牌甲', 'image', '100,096', '5'], ['–', '二', '–', '–', '7', '–']], 'notes');
    equal(await view.locator('.wide a').evaluateAll((all) => all.map((a) => a.href)), ['https://www.xiaohongshu.com/explore/5a3e1e0000000000000000af'], 'links of notes, of the platform alone');
    equal((await texts(view, '.asking li')).map((t) => t.split(':')[0]), ['Profile', 'Trend', 'Availability'], 'what was not looked up');
    await send('sendToolResult', result(profile));
    await view.waitForSelector('.quote');
    equal([await view.locator('article').count(), await view.locator('.bars li').count()], [1, 6], 'of the same blogger: articles, bars');
    await send('sendToolResult', result({ ...profile, summary: { ...profile.summary, userId: 'f'.repeat(24), name: 'Other' } }));
    await view.waitForFunction(() => document.querySelector('h1').textContent === 'Other');
    equal(await view.locator('.bars li').count(), 0, 'bars of another blogger');
    await send('sendToolResult', result(plain));
    await send('sendToolResult', failed);
    await send('setHostContext', { locale: 'zh-CN' });
    await view.waitForFunction(() => document.documentElement.lang === 'zh-CN');
    equal(await texts(view, 'h1'), ['Other'], 'after results of other tools');
  });
});

await check('blogger: it waits, fails and opens links as hosts let it', async () => {
  await host(html, {}, async ({ view, send, told }) => {
    await send('sendToolInput', { arguments: {} });
    await view.waitForFunction(() => document.querySelector('#status').textContent === 'Looking up…');
    await send('sendToolResult', failed);
    await view.waitForFunction((t) => document.querySelector('#status').textContent === t, failedText);
    await shown({ view, send }, profile);
    await view.locator('.links a').first().click();
    equal((await told()).links, [profile.summary.profileUrl], 'links');
    await view.waitForFunction(() => innerHeight === 500);
    equal((await told()).sizes.at(-1).height, 500, 'height inline');
  });
  await host(html, { capabilities: {} }, async ({ view, send }) => {
    await shown({ view, send }, insights);
    equal(await view.locator('a').count(), 0, 'links without openLinks');
  });
});

await check('blogger: Chinese by the locale of the host', async () => {
  await host(html, { context: { locale: 'zh-CN' } }, async ({ view, send }) => {
    for (const structured of [profile, insights]) await shown({ view, send }, structured);
    const left = (await view.locator('body').innerText()).match(/[A-Za-z][A-Za-z/ ]{3,}/g).filter((w) => !/img src|onerror|alert|prod|global|get|blogger|profile|insights|timeout|late/.test(w));
    equal(left, [], 'English words in Chinese');
    assert((await facts(view))['阅读中位数'].startsWith('6.45万'), `${JSON.stringify(await facts(view))}`);
  });
});

for (const theme of ['light', 'dark']) {
  await check(`blogger: axe finds nothing in the ${theme} theme, targets have 44 px, nothing is too wide`, async () => {
    for (const width of [320, 1200]) {
      for (const structured of [profile, insights]) {
        await host(html, { width, context: { theme } }, async ({ view, send }) => {
          await shown({ view, send }, structured);
          equal([await serious(view), (await small(view)).filter((t) => !/explore/.test(t)), await wide(view)], [[], [], false], `${width} px`);
          equal(await view.locator('img, iframe, object, body script').count(), 1, 'scripts and what loads something: our own script');
        });
      }
    }
  });
}

upstream.stop();
await stop();
process.exit();
