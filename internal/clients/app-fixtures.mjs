// Results to show, as the tools give them.
const id = (n) => n.toString(16).padStart(24, '5a3e1e');

export const plain = {
  rows: [
    { rank: 1, userId: id(1), name: '小红薯的日常', followers: 103684, readMedian: 64478, engagementMedian: 746, engagementToReadRatio: 0.01157, status: 'open', priceCny: 18000, cnyPerEngagement: 24.13, cnyPerRead: 0.2792, cnyPerThousandFollowers: 173.6, platformCpmCny: 227.75, categories: ['美妆'], location: '上海', flags: ['sample'] },
    { rank: 2, userId: id(2), name: 'Tea with Ann', followers: 52000, readMedian: 9000, engagementMedian: 410, engagementToReadRatio: 0.04556, status: 'open', priceCny: 12000, cnyPerEngagement: 29.27, cnyPerRead: 1.333, cnyPerThousandFollowers: 230.8, mcn: '星光传媒', flags: ['low-active', 'sample'] },
    { userId: id(3), name: '阿福', followers: 900, status: 'no_quote', location: '成都', flags: ['sample'] },
    { userId: id(4), name: 'Closed Carl', followers: 250000, readMedian: 30000, engagementMedian: 2500, engagementToReadRatio: 0.08333, status: 'closed', notBookable: 'closed', priceCny: 30000, flags: ['sample'] },
    { userId: '5a3e1e0000000000000000e1', error: 'not_found: The upstream has no profile for this userId (code 201).' },
    { userId: '5a3e1e0000000000000000e2', error: 'not_found: The upstream has no profile for this userId (code 201).' },
    { userId: '5a3e1e0000000000000000e3', error: 'pending: The look-up goes on.' },
  ],
  plan: { userIds: [id(2)], priceCny: 12000, engagementMedians: 410, readMedians: 9000, left: 3000 },
  meta: { format: 'video', sortBy: 'cnyPerEngagement', maxPriceCny: 20000, budgetCny: 15000, source: 'sample', oldestFetchedAt: '2026-04-30T08:00:00Z', newestFetchedAt: '2026-05-01T08:00:00Z', cached: 1, billed: 3, pending: 1, failed: 2, notCached: 0, caveats: ['The video format is open without a quote: not free of charge, ask for the price. (阿福)', 'Recorded samples, not live data.'] },
};

// Names that try to be more than text.
export const hostile = ['<img src=x onerror=alert(1)>', '</script><script>alert(1)</script>', '😀'.repeat(200), '\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0639\u0631\u0628\u064a\u0629 abc', "{{7*7}}${alert(1)}'\"", 'a\u2028b', 'x'.repeat(200)];

// many has n rows, the first of them with the hostile names.
export const many = (n) => ({
  rows: Array.from({ length: n }, (_, i) => ({
    rank: i + 1, userId: id(i + 1), name: hostile[i] ?? `博主 ${i + 1}`, followers: 1000 * (i + 1) ** 2, readMedian: 500 * (i + 1), engagementMedian: 90 * (n - i), status: 'open', priceCny: 2000 + 900 * i,
    cnyPerEngagement: Number(((2000 + 900 * i) / (90 * (n - i))).toPrecision(4)), mcn: hostile[i],
  })),
  meta: { format: 'image', sortBy: 'cnyPerEngagement', source: 'prod-global', cached: n, billed: 0, pending: 0, failed: 0, caveats: hostile.slice(0, n) },
});

// odd has values that are hard to draw: one at 100 times the price, three at one place,
// long names, growth below zero.
export const odd = {
  rows: Array.from({ length: 20 }, (_, i) => {
    const priceCny = i === 1 ? 1500000 : i > 1 && i < 5 ? 12000 : 9000 + 700 * i, engagementMedian = i > 1 && i < 5 ? 500 : 200 + 37 * i;
    return { rank: i + 1, userId: id(i + 1), name: i === 6 ? '名'.repeat(40) : i === 7 ? 'n'.repeat(40) : `博主 ${i + 1}`, followers: 5000 * (i + 1), status: 'open', priceCny, readMedian: 20 * engagementMedian, engagementMedian, cnyPerEngagement: Number((priceCny / engagementMedian).toPrecision(4)), followerGrowthRate30dPercent: i - 4 };
  }),
  meta: { ...many(1).meta, format: 'video', caveats: [] },
};

// found is a search's result without a sort key.
export const found = {
  rows: plain.rows.slice(0, 4).map(({ rank, flags, ...r }, i) => ({ ...r, position: i + 1, match: i ? 'similar' : 'exact' })),
  meta: { filters: { topic: 'x' }, format: 'video', found: 1320, foundIsCeiling: true, fetched: 4, bookable: 3, page: 1, nextPage: 2, source: 'prod-global', oldestFetchedAt: '2026-05-01T08:00:00Z', newestFetchedAt: '2026-05-01T08:00:00Z', cached: 0, billed: 1, failed: [{ page: 2, error: 'timeout: The upstream did not answer.' }], caveats: [] },
};

export const failedText = 'not_found: None of the 2 bloggers could be looked up. One of them: The upstream has no profile.\nRetryable: no. Billed: no.\nNext step: check the userIds.\n- <b>1</b>: not_found';
export const failed = { isError: true, content: [{ type: 'text', text: failedText }] };

// result is what a tool call gives; the text matters where the rest is missing alone.
export const result = (structuredContent) => ({ content: [{ type: 'text', text: '' }], structuredContent });

// Bloggers: a profile, and insights of the same one.
export const profile = {
  summary: {
    userId: id(1), name: '小红薯的日常', gender: 'female', location: '上海', mcn: '星光传媒', contentCategories: [{ category: '美妆', subcategories: ['护肤'] }], personalTags: ['妈妈'], onPgy: true, lowActive: true, healthLevel: 1, health: 'ordinary',
    followers: 103684, readMedian: 64478, engagementMedian: 746, engagementToReadRatio: 0.01157, profileUrl: `https://www.xiaohongshu.com/user/profile/${id(1)}`,
    quotes: { image: { status: 'closed', priceCny: 13000 }, video: { status: 'open', priceCny: 18000, priceWithFeeCny: 19800, cnyPerEngagement: 24.13, cnyPerRead: 0.2792 } },
    platformMetrics: { activeFollowers28dPercent: 77.1, videoCpmCny: 259.54 },
    changes: [{ what: 'videoPriceCny', from: 16000, to: 18000, since: '2026-10-01' }],
    notProvided: ['likesAndCollects'], caveats: ['The platform marks this blogger as low-active.'],
  },
  meta: { source: 'prod-global', fetchedAt: '2026-05-01T08:00:00Z', ageSeconds: 0, cached: false, stale: false, billed: true, rawMode: 'none', callsLeft: 7 },
};

export const insights = {
  userId: id(1), name: '小红薯的日常',
  performance: { scope: 'daily', format: 'all', days: 30, paidTraffic: true, notes: 24, readMedian: 64478, engagementMedian: 746, abovePeersPercent: { reads: 91.2 }, traffic: { reads: { discoveryPercent: 65.5, searchPercent: 34.5 } } },
  audience: { asOf: '2026-04-30', femalePercent: 38.71, malePercent: 61.29, ages: [{ group: '<18', percent: 3.12 }, { group: '18-24', percent: 24.17 }], topCities: [{ name: '<b>北京</b>', percent: 6.709 }] },
  notes: { scope: 'daily', format: 'all', paidTraffic: true, total: 2, rows: [{ title: hostile[0], url: 'javascript:alert(1)', publishedOn: '2026-04-30', format: 'image', brand: '样例品牌甲', reads: 100096, likes: 5 }, { title: '二', url: 'https://www.xiaohongshu.com/explore/5a3e1e0000000000000000af', reads: 7 }] },
  growth: { days: 30, points: [['2026-04-01', 1190926], ['2026-04-02', 1191068], ['2026-04-03', 1203344]].map(([date, followers]) => ({ date, followers })), change: 12418, changePercent: 1.04, largestDay: { date: '2026-04-03', change: 12276 } },
  failed: [{ section: 'costs', error: 'timeout: late.' }, { section: 'followers', error: 'timeout: late.' }],
  meta: { source: 'prod-global', sections: [{ section: 'performance', fetchedAt: '2026-05-01T08:00:00Z' }], cached: 0, billed: 4, pending: 0, failed: 2, notCached: 0 },
};
