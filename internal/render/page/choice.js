// The table of a comparison, the choice of its rows and their sum.

// inRow are the columns that stand below the name; the reader sees them in every width.
const inRow = ['name', 'flags', 'notBookable', 'outside', 'profileUrl', 'error'];
const present = () => {
  const ranked = shown.meta.sortBy;
  const first = ['rank', 'position', 'name', 'priceCny', 'priceWithFeeCny', ranked];
  const rank = (c) => (first.includes(c.key) ? first.indexOf(c.key) : first.length);
  const some = columns.filter((c) => c.key === 'name' || (!inRow.includes(c.key) && answered().some((r) => r[c.key] !== undefined)));
  return some.sort((a, b) => rank(a) - rank(b) || (a.key === 'userId') - (b.key === 'userId'));
};

function cell(c, r) {
  if (c.key === 'name') return [outward(r.profileUrl ?? 'https://www.xiaohongshu.com/user/profile/' + r.userId, named(nameOf(r))), isBookable(r) ? '' : el('small', { class: 'why' }, reason(r)), flags(r) ? el('small', {}, '⚑ ' + flags(r)) : ''];
  const x = r[c.key];
  if (x === undefined) return c.none ? '' : dash;
  if (c.isFigure) return written(c, x);
  const text = Array.isArray(x) ? listed(x) : ['status', 'health', 'match'].includes(c.key) ? translated(x).replace('_', ' ') : c.key === 'fetchedAt' ? x.replace('T', ' ').replace(/:\d\dZ$/, ' UTC') : x;
  return c.key === 'userId' ? el('span', { class: 'id' }, text) : named(text);
}

const ordered = () => answered().sort(comparing(order.key, order.isDown));
function sortTable(c) {
  const isSame = c.key === order.key || (c.key === 'rank' && order.key === 'asked');
  order = { key: c.key === 'rank' ? 'asked' : c.key, isDown: isSame ? !order.isDown : !!c.isFigure && !c.isCost && c.key !== 'rank' };
  showTable();
  $(`#table thead [data-key=${c.key}]`).focus();
}

function showTable() {
  const rows = ordered();
  $('#figures').hidden = !rows.length;
  const heads = present().map((c) => {
    const isSorted = c.key === order.key || (c.key === 'rank' && order.key === 'asked');
    return { ...c, isName: c.key === 'name', isNumber: c.isFigure, cell: (r) => cell(c, r), attributes: { 'aria-sort': isSorted && (order.isDown ? 'descending' : 'ascending') }, head: el('button', { 'data-key': c.key, onclick: () => sortTable(c) }, breakable(title(c)), small(unitBeside(c))) };
  });
  const tick = {
    attributes: { class: 'tick' }, head: el('span', { class: 'unseen' }, say('choose')),
    cell: (r) => el('label', { class: 'target' }, el('input', { type: 'checkbox', 'aria-label': say('chooseOne', nameOf(r)), checked: chosen.has(r.userId), onchange: (e) => (e.target.checked ? chosen.add(r.userId) : chosen.delete(r.userId), e.target.closest('tr').classList.toggle('chosen', e.target.checked), showSum()) })),
  };
  const table = tableOf([tick, ...heads], rows, { rowClass: (r) => [isBookable(r) ? '' : 'off', chosen.has(r.userId) ? 'chosen' : ''].join(' ').trim() || undefined });
  $('#table').replaceChildren(table);
  fit();
  showSum();
}

// fit leaves the less telling columns out where the width is short, or scrolls all of them
// in a box. Name, price and the ranked figure stay.
function fit() {
  const box = $('#table'), all = present();
  const heads = [...box.querySelectorAll('thead th')].slice(1);
  box.classList.remove('scroll');
  box.classList.add('measured');
  for (const row of box.querySelectorAll('tr')) for (const c of row.children) c.hidden = false;
  const widths = heads.map((h) => h.offsetWidth);
  box.classList.remove('measured');
  let room = box.clientWidth - 44 - widths.reduce((a, b) => a + b, 0);
  const stays = ['name', 'priceCny', shown.meta.sortBy];
  const out = new Set();
  const leaveOut = (c) => (out.add(c), (room += widths[all.indexOf(c)]));
  const urgency = (c) => (c.detail ? 0 : c.drop || (c.key === 'rank' ? 98 : 99));
  if (!isWhole) {
    for (const c of all) if (c.detail && !stays.includes(c.key)) leaveOut(c);
    for (const c of [...all].sort((a, b) => urgency(a) - urgency(b))) if (room < 0 && !out.has(c) && !stays.includes(c.key)) leaveOut(c);
  }
  for (const row of box.querySelectorAll('tr')) all.forEach((c, i) => (row.children[i + 1].hidden = out.has(c)));
  const isWide = isWhole && room < 0;
  box.classList.toggle('scroll', isWide);
  fill(box, { tabindex: isWide ? 0 : -1 });
  $('#whole').hidden = !isWhole && !out.size;
  $('#whole input').checked = isWhole;
  $('#whole span').textContent = say('whole', all.length);
}

// showSum says what the chosen rows come to. What is not known is not counted, and said.
function showSum() {
  const rows = answered().filter((r) => chosen.has(r.userId));
  const sum = (of, toText) => {
    const values = rows.map(of), some = values.filter(known), lacking = values.length - some.length;
    return toText(some.reduce((a, b) => a + b, 0)) + (lacking ? say('lacking', lacking) : '');
  };
  const spent = rows.map(price).filter(known).reduce((a, b) => a + b, 0), left = budget - spent;
  const item = (label, value, kind) => el('span', { class: kind }, small(label), el('b', {}, value));
  const input = $('#budget') ?? el('input', { id: 'budget', inputmode: 'decimal', autocomplete: 'off', value: known(budget) ? write.money(budget) : '', oninput: (e) => ((budget = budgetIn(e.target.value)), showSum()) });
  const isFee = rows.some((r) => known(r.priceWithFeeCny));
  const parts = [
    item(say('chosen'), String(rows.length)),
    item(say(isFee ? 'totalWithFee' : 'total'), sum(price, money)),
    item(say('sumReads'), sum((r) => r.readMedian, write.count)),
    item(say('sumEngagements'), sum((r) => r.engagementMedian, write.count)),
    el('label', { class: 'budget' }, small(say('budget')), input),
    known(budget) ? item(say('budget'), write.money(budget), 'paper') : '',
    known(budget) ? item(say(left < 0 ? 'over' : 'left'), money(Math.abs(left)), left < 0 ? 'over' : '') : '',
  ].filter(Boolean);
  const box = $('#sum'), at = document.activeElement === input && [input.selectionStart, input.selectionEnd];
  fill(box, { 'aria-label': say('sumLabel') }).replaceChildren(...parts);
  if (at) {
    input.focus();
    input.setSelectionRange(...at);
  }
}

// budgetIn reads an amount of CNY as people type it: 40,000 or 4万 or 40k.
function budgetIn(text) {
  const m = /^[¥￥]?\s*([\d,，]*\.?\d+)\s*(万|w|k)?\s*元?$/i.exec(text.trim());
  return m ? Number(m[1].replace(/[,，]/g, '')) * ({ 万: 1e4, w: 1e4, k: 1e3 }[m[2]?.toLowerCase()] ?? 1) : undefined;
}

// On paper the table is cut into as many as its columns need; each has the names.
const columnsOnPaper = 6;
function toPaper() {
  const all = present(), names = all.filter((c) => ['rank', 'name'].includes(c.key)), rest = all.filter((c) => !names.includes(c));
  const rows = ordered(), parts = [];
  const tick = { title: say('choose'), cell: (r) => (chosen.has(r.userId) ? '✓' : '') };
  for (let i = 0; i < rest.length; i += columnsOnPaper) {
    const cs = [...names, ...rest.slice(i, i + columnsOnPaper)].map((c) => ({ isName: c.key === 'name', isNumber: c.isFigure, title: title(c), unit: unitBeside(c), cell: (r) => (c.key === 'name' && i ? named(nameOf(r)) : cell(c, r)) }));
    parts.push(tableOf(chosen.size && !i ? [tick, ...cs] : cs, rows));
  }
  $('#paper').replaceChildren(...parts);
}
addEventListener('beforeprint', () => shown && toPaper());
$('#whole input').onchange = (e) => fit((isWhole = e.target.checked));
