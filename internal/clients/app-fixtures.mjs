// Comparisons to show, as compare_bloggers gives them.
const id = (n) => n.toString(16).padStart(24, '5a3e1e');

export const plain = {
  rows: [
    { rank: 1, userId: id(1), name: '小红薯的日常', followers: 103684, readMedian: 64478, engagementMedian: 746, engagementToReadRatio: 0.01157, status: 'open', priceCny: 18000, cnyPerEngagement: 24.13, cnyPerRead: 0.2792, cnyPerThousandFollowers: 173.6, platformCpmCny: 227.75, category: '美妆', location: '上海' },
    { rank: 2, userId: id(2), name: 'Tea with Ann', followers: 52000, readMedian: 9000, engagementMedian: 410, engagementToReadRatio: 0.04556, status: 'open', priceCny: 12000, cnyPerEngagement: 29.27, cnyPerRead: 1.333, cnyPerThousandFollowers: 230.8, mcn: '星光传媒' },
    { userId: id(3), name: '阿福', followers: 900, status: 'no_quote', location: '成都' },
    { userId: id(4), name: 'Closed Carl', followers: 250000, readMedian: 30000, engagementMedian: 2500, engagementToReadRatio: 0.08333, status: 'closed', notBookable: 'closed', priceCny: 30000 },
    { userId: '5a3e1e0000000000000000e1', error: 'not_found: The upstream has no profile for this userId (code 201).' },
  ],
  meta: { format: 'video', sortBy: 'cnyPerEngagement', maxPriceCny: 20000, cached: 1, billed: 3, failed: 1, caveats: ['The video format is open without a quote: not free of charge, ask for the price. (阿福)', 'Recorded samples, not live data.'] },
};

// Names that try to be more than text.
export const hostile = ['<img src=x onerror=alert(1)>', '</script><script>alert(1)</script>', '😀'.repeat(200), '\u05e9\u05dc\u05d5\u05dd \u0627\u0644\u0639\u0631\u0628\u064a\u0629 abc', "{{7*7}}${alert(1)}'\"", 'a\u2028b', 'x'.repeat(200)];

// malformed is a row of an id that is none.
export const malformed = { userId: 'bad <id>: x', error: 'invalid_argument: userId is neither 24 hex digits nor a profile URL (https://www.xiaohongshu.com/user/profile/<userId>).' };

// many has up to 20 rows, the first of them with the hostile names.
export const many = (n) => ({
  rows: Array.from({ length: n }, (_, i) => ({
    rank: i + 1, userId: id(i + 1), name: hostile[i] ?? `博主 ${i + 1}`, followers: 1000 * (i + 1) ** 2, readMedian: 500 * (i + 1), engagementMedian: 90 * (n - i), status: 'open', priceCny: 2000 + 900 * i,
    cnyPerEngagement: Number(((2000 + 900 * i) / (90 * (n - i))).toPrecision(4)), mcn: hostile[i],
  })),
  meta: { format: 'image', sortBy: 'cnyPerEngagement', cached: n, billed: 0, failed: 0, caveats: hostile.slice(0, n) },
});

export const failedText = 'not_found: None of the 2 bloggers could be looked up. One of them: The upstream has no profile.\nRetryable: no. Billed: no.\nNext step: check the userIds.\n- <b>1</b>: not_found';

export const failed = { isError: true, content: [{ type: 'text', text: failedText }] };

const headers = {
  rank: '#', name: 'Name', userId: 'User ID', status: 'Quote', priceCny: 'Price CNY', cnyPerEngagement: 'CNY/engagement', cnyPerRead: 'CNY/read', cnyPerThousandFollowers: 'CNY/1,000 followers',
  followers: 'Followers', readMedian: 'Read median', engagementMedian: 'Engagement median', engagementToReadRatio: 'Engagement/read', platformCpmCny: 'Platform CPM', mcn: 'Agency', category: 'Category', location: 'Location', notBookable: 'Not bookable',
};
const escaped = (s) => s.replaceAll('|', '/').replace(/[\\[\]<>`]/g, '\\$&');

// text writes a comparison as the tool's text has it.
export function text({ rows, meta }) {
  const keys = Object.keys(headers);
  const cell = (r, k) => (k === 'status' && r.error ? 'failed' : r[k] === undefined ? '-' : typeof r[k] === 'number' ? r[k].toLocaleString('en-US', { maximumFractionDigits: 10 }) : escaped(r[k]));
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const limit = meta.maxPriceCny ? ` of at most ${meta.maxPriceCny.toLocaleString('en-US')} CNY` : '';
  return [
    line(keys.map((k) => headers[k])), `|${keys.map(() => '---|').join('')}`, ...rows.map((r) => line(keys.map((k) => cell(r, k)))), '',
    `- Video quotes${limit}, by CNY per engagement: ${rows.length} looked up, ${meta.cached} cached, ${meta.billed} billed, ${meta.failed} failed.`,
    "- Quotes are CNY per note without the platform's service fee; unit costs are per all-format median; - is unknown, not zero.",
    ...rows.filter((r) => r.error).map((r) => `- ${escaped(`Failed: ${r.userId}: ${r.error}`)}`), ...meta.caveats.map((c) => `- Caveat: ${escaped(c)}`),
  ].join('\n');
}

export const result = (comparison) => ({ content: [{ type: 'text', text: text(comparison) }], structuredContent: comparison });
export const stripped = (comparison) => ({ content: [{ type: 'text', text: text(comparison) }] });
