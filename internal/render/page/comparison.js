// The page of a comparison or a search: who is first, bars, price against delivery, the
// table with a choice of rows, what to keep in mind.
const columns = words.columns.map((c) => ({ ...c, isFigure: !!c.quantity, isCost: /cny/i.test(c.key) }));
const column = (key) => columns.find((c) => c.key === key);
const title = (c) => pick(c.title);
const unit = (c) => (c.unit && !['ratio', 'percent'].includes(c.quantity) ? pick(c.unit) : '');
// unitBeside is the unit where the title does not say it.
const unitBeside = (c) => (title(c).toLowerCase().includes(unit(c).toLowerCase()) ? '' : unit(c));
const written = (c, x) => write[c.quantity](x, c.places);
const amount = (c, x) => [written(c, x), unit(c)].filter(Boolean).join(' ');
const nameOf = (r) => r.name ?? r.userId;
const isBookable = (r) => !r.notBookable && !r.outside;
const reason = (r) => [['notBookable', r.notBookable], ['outside', r.outside]].filter(([, why]) => why).map(([key, why]) => `${title(column(key))}${say('colon')}${reasons(why)}`).join(' · ');
const reasons = (why) => listed(why.split(', ').map(translated));
// A flag that all rows have is said once, above them.
const commonFlags = () => (answered().length > 1 ? (answered()[0].flags ?? []).filter((f) => answered().every((r) => r.flags?.includes(f))) : []);
const flags = (r, all = commonFlags()) => listed((r.flags ?? []).filter((f) => !all.includes(f)).map(translated));
const price = (r) => r.priceWithFeeCny ?? r.priceCny;
const money = (x) => say('cny', write.money(Math.round(100 * x) / 100));
const answered = () => shown.rows.filter((r) => !r.error);

// What the reader chose.
let figure, order, chosen, budget, isWhole, isLong;
let candidates = []; // the figures that the reader can pick

function show({ rows, meta, plan }) {
  if (chosen === undefined) {
    [order, isWhole, isLong] = [{ key: 'asked' }, false, false];
    chosen = new Set(plan?.userIds);
    budget = meta.budgetCny;
  }
  for (const c of columns.filter((c) => c.quantity === 'count')) c.places = Math.min(2, Math.max(0, ...rows.map((r) => String(r[c.key] ?? '').split('.')[1]?.length ?? 0)));
  candidates = columns.filter((c) => c.ranking && rows.some((r) => known(r[c.key])));
  figure = candidates.find((c) => c.key === (figure ?? column(meta.sortBy))?.key) ?? candidates[0];
  showHead();
  showTrouble();
  showBars();
  showChart();
  showTable();
  showNotes();
}

function showHead() {
  const { rows, meta } = shown;
  const by = column(meta.sortBy), first = rows.filter((r) => r.rank === 1), equals = by ? rows.filter((r) => r.rank && r[by.key] === first[0]?.[by.key]) : [];
  const kind = meta.format ? pick(words.quotes[meta.format]) : say('quotes');
  const limit = meta.maxPriceCny && say('limit', kind, write.money(meta.maxPriceCny));
  $('#kind').textContent = `${limit || kind} · ${say(rows.length === 1 ? 'blogger' : 'bloggers', rows.length)}${known(meta.found) && meta.found > rows.length ? ` · ${say(meta.foundIsCeiling ? 'foundMore' : 'found', write.count(meta.found))}` : ''}`;
  document.title = headline(by, first[0] ?? rows.find((r) => r.position), equals);
  $('h1').textContent = document.title.replace(/(\d) (?=CNY|元)/g, '$1\u00a0');
  const without = rows.length - answered().length;
  if (without) $('#kind').append(` · ${say('withoutFigures', without)}`);
  const signs = commonFlags().filter((f) => !(f === 'sample' && meta.source === 'sample') && !(f === 'from search' && known(meta.fetched)));
  if (signs.length) $('#kind').append(` · ⚑ ${listed(signs.map(translated))}`);
  $('#source').textContent = dated([meta.oldestFetchedAt, meta.newestFetchedAt], meta.source);
}

function headline(by, first, equals) {
  if (!shown.rows.length) return say('nobodyFound');
  if (!answered().length) return say('noFigures');
  if (answered().every((r) => r.notBookable)) return say('noneBookable');
  if (!first) return by ? say('noRank', pick(by.ranking)) : say('listed');
  const asked = known(first.priceCny) ? priceSaid(first) : say('noPrice');
  if (!by || !first.rank) return say('firstListed', nameOf(first), asked);
  if (answered().length === 1) return say('only', nameOf(first), asked) + (by.key === 'priceCny' ? '' : say('onlyBy', pick(by.ranking), written(by, first[by.key])));
  const value = amount(by, first[by.key]);
  if (equals.length > 1) return say('firstEqual', listed(equals.slice(0, 3).map(nameOf)) + (equals.length > 3 ? '…' : ''), pick(by.ranking), value);
  return by.key === 'priceCny' ? say('firstByPrice', nameOf(first), asked) : say('first', nameOf(first), pick(by.ranking), value, asked);
}
const priceSaid = (r) => (known(r.priceWithFeeCny) ? say('priceWithFee', write.money(r.priceCny), write.money(r.priceWithFeeCny)) : say('cny', write.money(r.priceCny)));

// showTrouble tells each cause once, with those whom it is about.
function showTrouble() {
  const causes = new Map();
  for (const r of shown.rows.filter((r) => r.error)) causes.set(r.error, [...(causes.get(r.error) ?? []), nameOf(r)]);
  for (const p of Array.isArray(shown.meta.failed) ? shown.meta.failed : []) causes.set(p.error, [say('page', p.page)]);
  $('#trouble').hidden = !causes.size;
  $('#trouble ul').replaceChildren(...[...causes].map(([error, who]) => el('li', {}, el('strong', {}, say(isWaiting(error) ? 'waitingRow' : 'failedRow', who.length)), ' ', error, small(listed(who)))));
}

// comparing returns a function that compares rows by a column, unknown last.
function comparing(key, isDown) {
  const at = (r) => (key === 'asked' ? shown.rows.indexOf(r) : key === 'chosen' ? !chosen.has(r.userId) : r[key]);
  return (a, b) => {
    const x = at(a), y = at(b);
    if (x === undefined || y === undefined) return (x === undefined) - (y === undefined);
    return (isDown ? -1 : 1) * (typeof x === 'string' ? x.localeCompare(y, language) : x - y);
  };
}

const shortList = 12;
function showBars() {
  $('#rank').hidden = !figure || answered().length < 2;
  if ($('#rank').hidden) return;
  const { key, isCost } = figure;
  $('select').replaceChildren(...candidates.map((c) => el('option', { value: c.key }, title(c))));
  $('select').value = key;
  const isBehind = (r) => !isBookable(r) || !known(r[key]);
  const rows = answered().sort((a, b) => isBehind(a) - isBehind(b) || comparing(key, !isCost)(a, b));
  const drawn = isLong ? rows : rows.slice(0, shortList);
  const values = drawn.map((r) => r[key]).filter(known);
  const end = endOfBars(values, drawn.filter(isBookable).map((r) => r[key]).filter(known));
  let place = 0;
  const items = drawn.map((r) => ({
    label: [el('span', { class: 'place' }, isBehind(r) ? '' : String(++place)), named(nameOf(r))], note: reason(r), value: r[key],
    text: known(r[key]) ? written(figure, r[key]) : say('unknown'), isOff: !isBookable(r),
  }));
  $('#bars').replaceChildren(barList(items, { least: Math.min(0, ...values), most: end ?? Math.max(0, ...values) }));
  $('#scale').textContent = [title(figure), unitBeside(figure), say(isCost ? 'lowestFirst' : 'highestFirst'), drawn.some((r) => !isBookable(r) && known(r[key])) && say('hatched'), end && say('cutBars', amount(figure, end))].filter(Boolean).join(' · ');
  $('#more').hidden = rows.length <= shortList;
  $('#more').textContent = isLong ? say('fewer') : say('more', rows.length);
}

function showNotes() {
  const { meta, rows, plan } = shown;
  const isMoney = rows.some((r) => known(r.priceCny));
  const standing = [isMoney && say('quotesAre') + (meta.feePercent ? say('feeIs', meta.feePercent) : '') + say('costsAreOf') + pick(column(meta.sortBy)?.otherMedian ?? ['', '']) + say('stop'), answered().length > 0 && say('dash', dash)];
  const counts = typeof meta.failed === 'number' && say('counts', rows.length, meta.cached, meta.billed, meta.pending ?? 0, meta.failed);
  $('#notes ul').replaceChildren(...[plan?.userIds.length === 0 && say('noPlan', money(meta.budgetCny)), ...(meta.caveats ?? []).map(caveat), ...standing, counts].filter(Boolean).map((text) => el('li', {}, text)));
}

$('select').onchange = (e) => showBars((figure = column(e.target.value)));
$('#more').onclick = () => showBars((isLong = !isLong));
let drawn;
new ResizeObserver(() => {
  if (!shown || drawn === (drawn = $('main').clientWidth)) return;
  showChart();
  if (shown.rows.length) fit();
}).observe($('main'));
