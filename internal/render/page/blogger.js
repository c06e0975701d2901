// The page of one blogger, or in a file of several: quotes, figures, charts of the
// sections that were looked up, and what the others would cost. shown is a list of
// {profile, insights}, of which either may be missing.
const isGiven = (x) => x !== undefined && x !== '';
const within = (o, path) => path.split('.').filter(Boolean).reduce((at, name) => at?.[name], o);
const writers = { ...write, number: percents };
const written = (f, x) => writers[f.quantity](x);
const figureSaid = (f, x) => [el('b', {}, written(f, x)), f.unit ? pick(f.unit) : ''];
const figureOf = ([section, name, label, unit, quantity, group = '', key]) => {
  const [said, behind] = [words.pairs[label], words.pairs[unit]];
  return { section: words.sections[section]?.key, name, label: said, unit: behind, quantity: quantity || (behind?.[0].startsWith(' %') ? 'number' : 'count'), group, key };
};
for (const list of ['figures', 'groups', 'distributions', 'marks', 'series', 'metrics', 'profileFigures', 'details', 'amounts']) words[list] = words[list].map(figureOf);
const inSection = (list, section) => list.filter((f) => f.section === section);
const yesNo = (is) => say(is ? 'yes' : 'no');

function show(bloggers) {
  $('#all').replaceChildren(...bloggers.map(article));
  document.title = listed(bloggers.map(nameOf));
}
const nameOf = ({ profile: p, insights: i }) => p?.summary.name ?? i?.name ?? p?.summary.userId ?? i?.userId;

function article({ profile, insights }) {
  const s = profile?.summary, parts = words.sections.filter(({ key }) => insights?.[key]);
  return el('article', { 'aria-label': nameOf({ profile, insights }) },
    head(profile, insights),
    s && quotes(s), s && changes(s),
    s && reach(s), parts.map((p) => part(p, insights[p.key])), s && [platform(s), about(s)],
    failures(insights), notAsked(profile, insights), caveats(s, insights));
}

function head(profile, insights) {
  const s = profile?.summary, id = s?.userId ?? insights?.userId;
  const who = s ? [s.location, s.gender && s.gender !== 'unknown' && translated(s.gender), categories(s.contentCategories), s.mcn].filter(Boolean) : [];
  const signs = s ? [s.lowActive === true && say('lowActive'), s.onPgy === false && say('notOnPgy'), s.health && s.health !== 'excellent' && `${labelOf('health')} ${healthSaid(s)}`].filter(Boolean) : [];
  const times = [profile?.meta?.fetchedAt, ...(insights?.meta.sections ?? []).map((m) => m.fetchedAt)];
  const links = [[say('openProfile'), s?.profileUrl ?? (/^[0-9a-f]{24}$/.test(id) ? 'https://www.xiaohongshu.com/user/profile/' + id : '')], [say('openPgy'), s?.pgyUrl]].filter(([, url]) => url);
  return el('header', {}, el('p', { class: 'eyebrow' }, who.join(' · ')), el('h1', {}, named(nameOf({ profile, insights }))),
    el('p', { class: 'lead' }, s ? lead(s) : leadOf(insights)), signs.length > 0 && el('p', { class: 'signs' }, signs.map((text) => el('span', {}, '⚑ ' + text))),
    el('p', { class: 'muted' }, dated(times, insights?.meta.source ?? profile?.meta?.source)), el('p', { class: 'links' }, links.map(([text, url]) => outward(url, text)), nameOf({ profile, insights }) !== id && small(id)));
}

const formats = [['video', 'quoteVideo'], ['image', 'quoteImage']];
function lead({ quotes: q }) {
  const open = formats.filter(([f]) => q[f]?.status === 'open' && known(q[f].priceCny));
  if (!open.length) return say('noQuotes');
  return open.map(([f, label]) => {
    const asked = say('leadQuote', say(label), write.money(q[f].priceCny)), cost = q[f].cnyPerEngagement;
    return known(cost) ? say('inBrackets', asked, say('perCount', say('cny', decimals(cost)))) : asked;
  }).join(' · ');
}

function leadOf({ performance: p }) {
  return p && inSection(words.figures, 'performance').filter((f) => /^(impression|read|engagement)Median$/.test(f.name) && known(p[f.name])).map((f) => `${pick(f.label)} ${write.count(p[f.name])}`).join(' · ');
}

function quotes({ quotes: q }) {
  const quoteCard = ([f, label]) => {
    const { status, priceCny } = q[f] ?? {};
    const rest = words.amounts.filter((a) => a.name !== 'priceCny' && known(q[f]?.[a.name]));
    return el('div', { class: status === 'open' ? 'quote' : 'quote off' }, el('h3', {}, say(label)), known(priceCny) && el('p', { class: 'price' }, say('cny', write.money(priceCny))),
      el('p', { class: 'state' }, status === 'open' ? '✓ ' : '✕ ', pick(words.statuses[status] ?? [status, status])), el('ul', {}, rest.map((a) => el('li', {}, sprintf(pick(a.label), [written(a, q[f][a.name]), translated(f)])))));
  };
  const older = formats.some(([f]) => known(q[f]?.cnyPerFormatEngagement) || known(q[f]?.cnyPerSponsoredEngagement));
  return el('section', {}, heading(say('quotes'), [say('quotesAre'), older ? ' ' + say('olderMedian') : '']), el('div', { class: 'quotes' }, formats.map(quoteCard)));
}

function changes({ changes: list }) {
  if (!list?.length) return '';
  const value = (x) => (known(x) ? grouped(String(x)) : typeof x === 'string' ? translated(x) : String(x));
  const line = (c) => {
    if (typeof c === 'string') return c; // of the text alone
    const percent = known(c.from) && known(c.to) && c.from > 0 ? ` (${c.to > c.from ? '+' : '−'}${write.ratio(Math.abs(c.to / c.from - 1))})` : '';
    return say('changeLine', words.texts[c.what] ? say(c.what) : labelOf(c.what), value(c.from), value(c.to), percent, c.since);
  };
  return el('section', {}, heading(say('changes')), el('ul', { class: 'plainly' }, list.map((c) => el('li', {}, line(c)))));
}

const labelOf = (name) => pick([...words.profileFigures, ...words.details].find((f) => f.name === name)?.label ?? [name, name]);
const valueList = (pairs) => (pairs.length ? el('dl', {}, pairs.map(([label, value]) => el('div', {}, el('dt', {}, label), el('dd', {}, value)))) : '');
const block = (title, ...children) => el('div', { class: 'block' }, el('h3', {}, title), children);
const card = (title, note, ...children) => (children.flat(Infinity).some(Boolean) ? el('section', {}, heading(title, note), el('div', { class: 'blocks' }, children)) : '');

function reach(s) {
  return card(say('reach'), '', valueList(words.profileFigures.filter((f) => known(s[f.name])).map((f) => [pick(f.label), figureSaid(f, s[f.name])])),
    s.notProvided?.length ? small(say('notProvided', typeof s.notProvided === 'string' ? s.notProvided : listed(s.notProvided.map(translated)))) : '');
}

function platform({ platformMetrics: m }) {
  return card(say('platform'), '', valueList(words.metrics.filter((f) => known(m?.[f.name])).map((f) => [pick(f.label), figureSaid(f, m[f.name])])));
}

const lists = (x) => (Array.isArray(x) ? listed(x) : x);
const categories = (x) => (Array.isArray(x) ? listed(x.map((c) => (c.subcategories?.length ? say('inBrackets', c.category, listed(c.subcategories)) : c.category))) : x);
const healthSaid = (s) => (known(s.healthLevel) ? say('healthLevel', translated(s.health), String(s.healthLevel)) : s.health);
function about(s) {
  const said = { health: s.health && healthSaid(s), contentCategories: categories(s.contentCategories), gender: s.gender && translated(s.gender), onPgy: isGiven(s.onPgy) && yesNo(s.onPgy), lowActive: isGiven(s.lowActive) && yesNo(s.lowActive) };
  const rows = words.details.filter(({ name }) => !['profileUrl', 'pgyUrl', 'userId'].includes(name)).map((f) => [pick(f.label), said[f.name] ?? lists(s[f.name])]);
  return card(say('about'), '', valueList(rows.filter(([, value]) => value)));
}

// partNote says in parts what a section's figures are of, as the heading of the text does.
function partNote({ parts }, p) {
  const said = {
    scopeOf: () => say('scope-' + p.scope), latestOf: () => say('latest-' + p.scope), formatOf: () => say('format-' + p.format), trafficOf: () => say(p.paidTraffic ? 'paid' : 'organic'),
    lastDaysOf: () => say('lastDaysOf', p.days), mediansOf: () => say('mediansOf', p.days), dayOf: () => p.asOf && say('dayOf', p.asOf), pageOf: () => p.page > 1 && say('pageOf', p.page),
  };
  return clauses(parts.map((key) => (said[key] ? said[key]() : say(key))).filter(Boolean));
}

function part(section, p) {
  const { key } = section, mine = inSection(words.figures, key);
  const single = mine.filter((f) => !f.group && known(p[f.name]) && !/^(fe)?malePercent$/.test(f.name)).map((f) => [pick(f.label), figureSaid(f, p[f.name])]);
  const marks = inSection(words.marks, key).filter((m) => isGiven(p[m.name])).map((m) => [pick(m.label), yesNo(p[m.name])]);
  const days = p.largestDay ? [[say('largestDay'), say('gain', write.count(p.largestDay.change), p.largestDay.date) + (known(p.largestDayPercent) ? say('gainShare', decimals(p.largestDayPercent)) : '')]] : [];
  const industries = p.industries?.length ? [[say('industries'), lists(p.industries)]] : [];
  const brands = p.brands?.length ? [[say('brandsListed'), listed(p.brands.map((b) => say('brandNotes', b.brand, b.notes) + (b.lastOn ? say('brandLast', b.lastOn) : '')))]] : [];
  const worst = p.worstSponsored ? [[say('worstListed'), outward(p.worstSponsored.url, write.count(p.worstSponsored.reads))]] : [];
  return card(pick(section.title), partNote(section, p),
    gender(p), courses(section, p), valueList([...single, ...marks, ...days, ...industries, ...brands, ...worst]),
    inSection(words.groups, key).map((g) => group(g, mine.filter((f) => f.group === g.name), within(p, g.name))),
    inSection(words.distributions, key).filter((d) => p[d.name]?.length).map((d) => shares(pick(d.label), p[d.name].map((s) => [s[d.key], s.percent]))),
    key === 'audience' && p.topCities ? small(say('topLists')) : '', (p.caveats ?? []).map((text) => el('p', { class: 'why' }, caveat(text))),
    p.notProvided?.length ? small(say('notProvided', lists(Array.isArray(p.notProvided) ? p.notProvided.map(translated) : p.notProvided))) : '',
    p.rows?.length > 0 && notesTable(p, pick(section.title)));
}

// shares are bars of percents; end is the end of the scale.
function shares(title, entries, end) {
  const items = entries.filter(([, x]) => known(x)).map(([name, x]) => ({ label: named(name), value: x, text: write.percent(x) }));
  return items.length ? block(title, barList(items, end ? { most: end, kind: 'bars whole' } : {})) : '';
}
function group(g, mine, values) {
  if (!values || !mine.length) return '';
  if (mine.every((f) => f.quantity === 'number')) {
    const isPeers = g.name === 'abovePeersPercent';
    return shares(isPeers ? say('peers') : pick(g.label), mine.map((f) => [pick(f.label), values[f.name]]), isPeers ? 100 : undefined);
  }
  const rows = mine.filter((f) => known(values[f.name])).map((f) => [pick(f.label), figureSaid(f, values[f.name])]);
  return rows.length ? block(pick(g.label), valueList(rows)) : '';
}

// gender is one bar of two parts.
function gender({ femalePercent: f, malePercent: m }) {
  if (!known(f) || !known(m)) return '';
  const label = (name) => pick(words.figures.find((x) => x.name === name).label), side = (x, kind) => el('span', { class: kind, style: `flex: ${Math.max(x, 1)}` });
  return el('div', { class: 'gender block' }, el('p', {}, el('span', {}, label('femalePercent'), ' ', el('b', {}, write.percent(f))), el('span', {}, label('malePercent'), ' ', el('b', {}, write.percent(m)))),
    el('p', { class: 'split', 'aria-hidden': 'true' }, side(f, 'female'), side(m, 'male')));
}

// courses are a section's days as lines.
function courses({ key }, p) {
  const change = { readMedian: 'reads', engagementMedian: 'engagements' };
  const out = inSection(words.series, key).flatMap((s) => {
    const points = (p.points ?? []).filter((d) => known(d[s.name])).map((d) => ({ date: d.date, value: d[s.name] }));
    const moved = p.changePercent?.[change[s.name]], label = pick(s.label) + (known(moved) ? ` (${say('change', (moved > 0 ? '+' : '') + grouped(halfEven(moved, 2)))})` : '');
    if (points.length > 1) return [lineChart(label, points, write.count)];
    const course = p[s.name];
    return course?.last ? valueList([[label, listed(['last', 'first', 'low', 'high'].map((end) => say(end, write.count(course[end].value), course[end].date)))]]) : [];
  });
  return [...out, key === 'trend' && out.length ? small(say('rolling')) : '', p.isFromText && out.length ? small(say('fromText')) : ''];
}

function notesTable(p, label) {
  const head = (name) => pick(words.noteHeads[name]);
  const number = (name) => ({ title: head(name), isNumber: true, cell: (r) => (known(r[name]) ? write.count(r[name]) : dash) });
  const text = (name, cell) => ({ title: head(name), cell });
  const cs = [text('publishedOn', (r) => r.publishedOn ?? dash), { title: head('title'), isName: true, cell: (r) => outward(r.url, named(r.title ?? say('untitled'))) }, text('brand', (r) => (r.brand ? named(r.brand) : dash)),
    text('format', (r) => (r.format ? translated(r.format) : dash)), ...['reads', 'likes', 'collects', 'shopVisits'].map(number)];
  const filled = cs.filter((c, i) => i < 2 || ['brand', 'format', 'reads', 'likes', 'collects', 'shopVisits'].some((name) => c.title === head(name) && p.rows.some((r) => r[name] !== undefined)));
  return el('div', { class: 'wide', tabindex: 0, role: 'region', 'aria-label': label }, tableOf(filled, p.rows));
}

// failures tell each cause once, with its sections.
function failures(insights) {
  const causes = new Map();
  for (const { section, error } of insights?.failed ?? []) causes.set(error, [...(causes.get(error) ?? []), pick(words.sections.find(({ key }) => key === section)?.title ?? [section, section])]);
  if (!causes.size) return '';
  return el('section', { class: 'callout' }, [...causes].map(([error, names]) => el('p', {}, el('strong', {}, `${say(isWaiting(error) ? 'waitingPart' : 'failedPart')}${say('colon')}${listed(names)}`), ' ', error)));
}

function notAsked(profile, insights) {
  const missing = words.sections.filter(({ key }) => !insights?.[key] && !(insights?.failed ?? []).some((f) => f.section === key));
  if (!missing.length && profile) return '';
  const left = insights?.meta.callsLeft ?? profile?.meta?.callsLeft;
  return el('section', { class: 'asking' }, heading(say('notAsked'), [say('costOf'), known(left) ? ` ${say('requestsLeft')}${say('colon')}${left}` : '']),
    el('ul', {}, profile ? '' : el('li', {}, say('profileOffer')), missing.map((m) => el('li', {}, el('b', {}, pick(m.title)), say('colon'), pick(m.offer)))));
}

function caveats(s, insights) {
  const lines = [...(s?.caveats ?? []).map(caveat), insights?.notes?.rows?.length > 0 && say('dash', dash)].filter(Boolean);
  return lines.length ? el('section', {}, heading(say('notes')), el('ul', { class: 'plainly' }, lines.map((text) => el('li', {}, text)))) : '';
}
