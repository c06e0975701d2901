// Whatever comes from outside is put in as text, never as markup.
function fill(e, attributes, ...children) {
  for (const [k, v] of Object.entries(attributes)) if (v !== undefined && v !== false) k.startsWith('on') ? (e[k] = v) : e.setAttribute(k, v === true ? '' : v);
  e.append(...children.flat(Infinity).filter((c) => c || c === 0));
  return e;
}
const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, ...children);
const draw = (tag, attributes, ...children) => fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, ...children);
const small = (...texts) => (texts.flat().some(Boolean) ? el('small', {}, ...texts) : '');
const named = (text) => el('bdi', {}, text);
const heading = (text, note) => el('h2', {}, text, small(note));

// outward is a link to a page of the platform: plain in a file, by the host in a host
// that opens links, else text alone.
function outward(url, ...children) {
  if (!isLinking || !/^https:\/\/(www|pgy)\.xiaohongshu\.com\//.test(url ?? '')) return el('span', {}, ...children);
  return el('a', { href: url, target: '_blank', rel: 'noreferrer', onclick: isEmbedded && ((e) => openByHost(e, url)) }, ...children);
}

// tableOf is a table of columns {title, unit, isNumber, isName, head, cell}.
function tableOf(columns, rows, attributes = {}) {
  const kind = (c) => (c.isName ? 'name' : c.isNumber ? 'number' : undefined);
  const head = columns.map((c) => el('th', { scope: 'col', class: kind(c), ...c.attributes }, c.head ?? [breakable(c.title), small(c.unit)]));
  const body = rows.map((r) => el('tr', { class: attributes.rowClass?.(r) }, columns.map((c) => (c.isName ? el('th', { scope: 'row', class: 'name' }, c.cell(r)) : el('td', { class: kind(c) }, c.cell(r))))));
  return el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, body));
}
const dash = '–';

// breakable lets a heading break behind a slash.
const breakable = (text) => el('span', {}, text.split('/').flatMap((part, i) => (i ? ['/', el('wbr'), part] : [part])));
