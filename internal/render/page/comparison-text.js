// A comparison, from what a tool gave or from its text.
const isOurs = (c) => Array.isArray(c?.rows) && c.rows.every((r) => typeof r?.userId === 'string') && (c.rows.length > 0 || known(c.meta?.fetched)) && (c.meta?.sortBy || known(c.meta?.fetched));

function read({ structuredContent: s, content }) {
  const found = isOurs(s) ? s : content?.map((b) => parsed(b.text ?? '')).find(isOurs);
  if (found) chosen = figure = undefined;
  return found;
}

function parsed(text) {
  const lines = text.split('\n');
  const [head, , ...body] = lines.filter(isRow).map(cellsOf);
  const cs = head?.map((h) => columns.find((c) => c.title[0] === h));
  if (cs && !cs.some((c) => c?.key === 'userId')) return;
  const rows = body.map((cells) => Object.fromEntries(cs.map((c, i) => [c, cells[i]]).filter(([c, v]) => c && v !== '-' && v !== '').map(([c, v]) => [c.key, valueIn(c, v)])));
  const meta = { caveats: [] }, result = { rows, meta };
  const notes = lines.filter((l) => l.startsWith('- ')).map((l) => unescaped(l.slice(2)));
  for (const note of notes) readNote(result, note);
  for (const r of rows.filter((r) => r.error === undefined && words.withoutAnswer.includes(r.status))) [r.error, r.status] = [r.status];
  return result;
}

function valueIn(c, text) {
  if (c.key === 'categories' || c.key === 'flags') return text.split(c.key === 'flags' ? ', ' : '; ');
  if (!c.isFigure) return text;
  return c.quantity === 'ratio' ? amountIn(text) / 100 : amountIn(text);
}

function readNote(result, note) {
  const { rows, meta } = result;
  let m;
  if ((m = match('caveat', note))) meta.caveats.push(m[0]);
  else if ((m = match('failed', note) ?? match('unanswered', note))) addError(result, m[0]);
  else if ((m = match('fetchedBetween', note))) [meta.oldestFetchedAt, meta.newestFetchedAt, meta.source] = [m[0], m[1], m[2].split(' ')[0]];
  else if ((m = match('fetched', note))) [meta.oldestFetchedAt, meta.newestFetchedAt, meta.source] = [m[0], m[0], m[1].split(' ')[0]];
  else if ((m = match('countsLine', note, true))) readCounts(meta, m);
  else if ((m = match('plan', note, true))) readPlan(result, m);
  else if ((m = match('noPlan', note))) [meta.budgetCny, result.plan] = [amountIn(m[0]), { userIds: [] }];
  else if (match('requests', note, true)) meta.fetched ??= rows.length;
  else if ((m = match('quotesAre', note, true))) meta.feePercent = amountIn(/; with fee adds (\S+)/.exec(note)?.[1] ?? '') || undefined;
  else readFunnel(meta, note.replace(/\.$/, ''));
}

// readFunnel reads how many bloggers a search found, and by what they are ranked.
function readFunnel(meta, note) {
  const parts = note.split('; ')[0].split(', '), part = (key) => parts.map((p) => match(key, p)).find(Boolean);
  const fetched = part('fetchedOf'), more = part('foundMore'), found = more ?? part('found'), ranked = match('rankedBy', note.slice(note.indexOf('; ')));
  if (!fetched) return;
  Object.assign(meta, { fetched: Number(fetched[0]), found: found && amountIn(found[0]), foundIsCeiling: !!more, format: part('bookableFor')?.[1], sortBy: ranked && columns.find((c) => c.ranking?.[0] === ranked[0])?.key });
}

function readCounts(meta, [kind, by, , cached, billed, pending, failed]) {
  const limit = match('limit', kind);
  const format = Object.keys(words.quotes).find((f) => words.quotes[f][0] === (limit?.[0] ?? kind));
  const sortBy = columns.find((c) => c.ranking?.[0] === by)?.key;
  Object.assign(meta, { format, maxPriceCny: limit && amountIn(limit[1]), sortBy, cached: Number(cached), billed: Number(billed), pending: Number(pending), failed: Number(failed) });
}

// readPlan finds the rows of a plan by their names, which may hold " for " themselves.
function readPlan(result, [within, names, more]) {
  const said = `${names} for ${more}`, wanted = namesIn(said.slice(0, said.lastIndexOf(' for ')));
  const picks = result.rows.filter((r) => isBookable(r) && wanted.includes(nameOf(r)));
  result.meta.budgetCny = amountIn(within);
  result.plan = { userIds: picks.map((r) => r.userId) };
}

// addError gives an error to the page of a search that it names, or to the rows that stand in
// brackets behind it.
function addError({ rows, meta }, said) {
  const page = match('failedPage', said);
  if (page) return (meta.failed ??= []).push({ page: page[0], error: page[1] });
  for (let i = said.lastIndexOf(' ('); i > 0; i = said.lastIndexOf(' (', i - 1)) {
    const about = rows.filter((r) => namesIn(said.slice(i + 2, -1)).includes(r.userId));
    for (const r of about) {
      r.error = said.slice(0, i);
      delete r.status;
    }
    if (about.length) return;
  }
}
