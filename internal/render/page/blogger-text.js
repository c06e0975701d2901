// A blogger, from what a tool gave or from its text. What comes about the same blogger
// later joins what is there.
const english = (key) => words.texts[key][0];
const isProfile = (s) => typeof s?.summary?.quotes === 'object' && typeof s.summary.userId === 'string';
const isInsights = (s) => typeof s?.userId === 'string' && Array.isArray(s?.meta?.sections);
const asBlogger = (s) => (isProfile(s) ? { profile: s } : isInsights(s) ? { insights: s } : undefined);
const idOf = ({ profile: p, insights: i }) => p?.summary.userId ?? i?.userId;

function read({ structuredContent: s, content, isError }, before) {
  if (isError) return;
  const found = asBlogger(s) ?? content?.map((b) => asBlogger(parsed(b.text ?? ''))).find(Boolean);
  if (!found) return;
  const same = before?.find((b) => idOf(b) === idOf(found));
  return [same ? { ...same, ...found, insights: found.insights && { ...same.insights, ...found.insights } || same.insights } : found];
}

// linesIn are the lines "label: value" of a text.
const linesIn = (lines) => lines.map((l) => [l.slice(0, l.indexOf(': ')), l.slice(l.indexOf(': ') + 2)]).filter(([label]) => label);

function parsed(text) {
  const [head, ...blocks] = text.split(/^## /m);
  const all = linesIn(head.split('\n')), value = (label) => all.find(([l]) => l === label)?.[1];
  const label = (name) => words.details.find((f) => f.name === name).label[0];
  const userId = value(label('userId'));
  if (!userId) return;
  return blocks.length ? parsedInsights(userId, value(english('blogger')), blocks) : value(english('imagePriceCny')) && parsedProfile(all);
}

function parsedProfile(lines) {
  const summary = { quotes: {}, platformMetrics: {}, caveats: [], changes: [] }, meta = {};
  for (const [label, value] of lines) {
    const figure = words.profileFigures.find((f) => f.label[0] === label), detail = words.details.find((f) => f.label[0] === label), metric = words.metrics.find((f) => f.label[0] === label);
    if (label === english('imagePriceCny')) summary.quotes.image = quoteIn(value);
    else if (label === english('videoPriceCny')) summary.quotes.video = quoteIn(value);
    else if (figure) summary[figure.name] = figure.quantity === 'ratio' ? amountIn(value) / 100 : amountIn(value);
    else if (detail) summary[detail.name] = { [english('yes')]: true, [english('no')]: false }[value] ?? value;
    else if (metric && value.includes(english('platformFigure'))) summary.platformMetrics[metric.name] = amountIn(value);
    else if (label === english('blogger')) summary.name = value;
    else if (label === english('caveatLabel')) summary.caveats.push(value);
    else if (label === english('notProvidedLabel')) summary.notProvided = value.replace(english('notZero'), '').split(', ');
    else if (label === english('source')) meta.source = value.split(' ')[0];
    else if (label === english('fetchedLabel')) meta.fetchedAt = value.split(',')[0];
    else if (label === english('requestsLeft')) meta.callsLeft = amountIn(value);
    else if (label.startsWith(english('since'))) summary.changes.push(`${label}: ${value}`);
  }
  readHealth(summary);
  return { summary, meta };
}

// readHealth takes word and level apart.
function readHealth(summary) {
  const m = summary.health && match('healthLevel', summary.health);
  if (m) [summary.health, summary.healthLevel] = [m[0], Number(m[1])];
}

function quoteIn(text) {
  const [said, ...amounts] = text.split('; ');
  const quote = { status: Object.keys(words.statuses).find((s) => words.statuses[s][0] === said) ?? said };
  for (const amount of amounts) {
    const a = words.amounts.find((a) => /^[\d,.]+$/.test(matchPair(a.label, amount)?.[0] ?? ''));
    if (a) quote[a.name] = amountIn(matchPair(a.label, amount)[0]);
  }
  return quote;
}

function parsedInsights(userId, name, blocks) {
  const result = { userId, name, failed: [], meta: { sections: [] } };
  for (const block of blocks) {
    const [heading, ...lines] = block.split('\n');
    const section = words.sections.find((s) => heading.startsWith(s.title[0] + ': '));
    if (section) result[section.key] = partIn(section, heading.slice(section.title[0].length + 2), lines);
  }
  for (const [label, value] of linesIn(blocks.at(-1).split('\n'))) {
    if (label === english('requestsLeft')) result.meta.callsLeft = amountIn(value);
    if (label === english('source')) result.meta.source = value.split(' ')[0];
    if ([english('failedLabel'), english('unansweredLabel')].includes(label)) result.failed.push({ section: value.split(': ')[0], error: value.slice(value.indexOf(': ') + 2) });
    if (label.startsWith(english('fetchedLabel') + ' ')) result.meta.sections.push({ section: label.split(' ')[1], fetchedAt: value.split(',')[0] });
  }
  return result;
}

// partIn reads a section: what its figures are of, then line by line.
function partIn({ key, parts }, of, lines) {
  const isSaid = (text) => of.includes(english(text)), after = (text) => new RegExp(english(text).replace(/%[sd]/, '([\\d-]+)')).exec(of)?.[1];
  const p = { scope: isSaid('scope-sponsored') ? 'sponsored' : 'daily', format: isSaid('format-image') ? 'image' : isSaid('format-video') ? 'video' : 'all', paidTraffic: isSaid('paid'), caveats: [] };
  p.days = Number(after('lastDaysOf') ?? after('mediansOf')) || undefined;
  p.asOf = parts.includes('dayOf') ? after('dayOf') : undefined;
  p.page = parts.includes('pageOf') ? Number(after('pageOf')) || undefined : undefined;
  const series = words.series.filter((s) => s.section === key);
  for (const [label, value] of linesIn(lines.filter((l) => !isRow(l)))) {
    const s = series.find((s) => label === s.label[0]), drawn = series.find((s) => match('byDay', label)?.[0] === s.label[0] || match('byDays', label)?.[0] === s.label[0]);
    if (s) readCourse(p, s, value);
    else if (drawn) readSparkline(p, drawn, value, Number(match('byDays', label)?.[1] ?? 1));
    else readFact(p, key, label, value);
  }
  const [head, , ...rows] = lines.filter(isRow).map(cellsOf);
  const member = (text) => Object.keys(words.noteHeads).find((name) => words.noteHeads[name][0] === text);
  if (head) p.rows = rows.map((cells) => Object.fromEntries(head.map((h, i) => [member(h), cells[i]]).filter(([name, v]) => name && v !== '-').map(([name, v]) => [name, ['reads', 'likes', 'collects', 'shopVisits'].includes(name) ? amountIn(v) : v])));
  return p;
}

function readFact(p, key, label, value) {
  const is = (f) => f.section === key && f.label[0] === label;
  const figure = words.figures.find((f) => is(f) && !f.group), group = words.groups.find(is), list = words.distributions.find(is), mark = words.marks.find(is);
  if (figure) p[figure.name] = amountIn(value);
  else if (group) {
    const at = group.name.split('.').reduce((o, name) => (o[name] ??= {}), p);
    for (const piece of value.split('; ')) {
      const f = words.figures.find((f) => f.section === key && f.group === group.name && piece.startsWith(f.label[0] + ' '));
      if (f) at[f.name] = amountIn(piece.slice(f.label[0].length));
    }
  } else if (list) p[list.name] = value.split('; ').map((piece) => /^(.*) ([\d.]+) %$/.exec(piece)).filter(Boolean).map(([, name, x]) => ({ [list.key]: name, percent: Number(x) }));
  else if (mark) p[mark.name] = value === english('yes');
  else if (label === english('industries')) p.industries = value.split(', ');
  else if (label === english('caveatLabel')) p.caveats.push(value);
  else if (label === english('largestDay')) {
    const m = /^(\S+) on ([\d-]+)(?:, (\S+) %)?/.exec(value);
    if (m) [p.largestDay, p.largestDayPercent] = [{ change: amountIn(m[1]), date: m[2] }, m[3] && Number(m[3])];
  } else if (match('brands', label)) p.brands = value.split('; ').map((piece) => /^(.*) (\d+)(?: \(\S+ ([\d-]+)\))?$/.exec(piece)).filter(Boolean).map(([, brand, notes, lastOn]) => ({ brand, notes, lastOn }));
  else if (match('worst', label)) p.worstSponsored = { reads: amountIn(value), url: value.split(' ')[1] };
}

function readCourse(p, s, value) {
  const ends = match('ends', value);
  if (ends) p.ends = { first: { value: amountIn(ends[0]), date: ends[1] }, last: { value: amountIn(ends[2]), date: ends[3] } };
  else {
    const course = {};
    for (const piece of value.split('; ')) {
      for (const end of ['last', 'first', 'low', 'high']) {
        const m = match(end, piece);
        if (m) course[end] = { value: amountIn(m[0]), date: m[1] };
      }
      const moved = match('change', piece);
      if (moved) (p.changePercent ??= {})[s.name === 'readMedian' ? 'reads' : 'engagements'] = Number(moved[0]);
    }
    p[s.name] = course;
  }
}

// readSparkline makes days of the blocks of a line. They are as exact as eight blocks can
// be; the ends, the low and the high are exact.
function readSparkline(p, s, value, perBlock) {
  const { first, last, low = first.value < last.value ? first : last, high = first.value < last.value ? last : first } = p[s.name] ?? p.ends ?? {};
  if (!first) return;
  const day = (date) => Date.parse(date) / 864e5, blocks = [...value.split(' ')[0]];
  const exact = new Map([first, last, low, high].map((d) => [d.date, d.value]));
  const points = blocks.map((block, i) => [new Date((day(last.date) - (blocks.length - 1 - i) * perBlock) * 864e5).toISOString().slice(0, 10), '▁▂▃▄▅▆▇█'.indexOf(block)]).filter(([, level]) => level >= 0).map(([date, level]) => [date, low.value + ((high.value - low.value) * level) / 7]);
  p.points = [...new Map([...points, ...exact])].sort(([a], [b]) => (a < b ? -1 : 1)).map(([date, x]) => ({ date, [s.name]: x }));
  p.isFromText = true;
}
