'use strict';
const $ = (selector) => document.querySelector(selector);

// The words of both languages, from Go: a text is a pair, English and Chinese. texts are
// by key; sentences are those that results hold in English.
const words = JSON.parse($('#words').textContent);
let language = 'en';
const isChinese = () => language === 'zh';
const pick = ([en, zh]) => (isChinese() ? zh : en);
const say = (key, ...args) => sprintf(pick(words.texts[key]), args);

// sprintf replaces the verbs of a text as Go does: %s, %d, %[2]s. A text without arguments
// has no verbs.
function sprintf(text, args) {
  let next = 0;
  return args.length ? text.replace(/%%|%(?:\[(\d)\])?[sd]/g, (verb, n) => (verb === '%%' ? '%' : args[n ? n - 1 : next++])) : text;
}

// matchPair returns what a text has in place of the verbs of an English one, or nothing.
// isBegin also matches the beginning of a longer text.
const patterns = new Map();
function matchPair([en], text, isBegin) {
  const end = isBegin ? '' : '$';
  if (!patterns.has(en + end)) {
    const plain = en.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    patterns.set(en + end, new RegExp(`^${plain.replace(/%[sd]/g, '(.+?)').replaceAll('%%', '%')}${end}`));
  }
  return patterns.get(en + end).exec(text)?.slice(1);
}
const match = (key, text, isBegin) => matchPair(words.texts[key], text, isBegin);

// translated says a sentence of a result in the reader's language; one that is not known
// stays as it is.
function translated(text) {
  if (!isChinese()) return text;
  for (const pair of words.sentences) {
    const args = matchPair(pair, text);
    if (args) return sprintf(pair[1], args.map(translated));
  }
  return text;
}
const listed = (texts) => texts.join(isChinese() ? '、' : ', ');
const clauses = (texts) => texts.join(isChinese() ? '，' : ', ');

// dated says on which days and from where figures were fetched.
function dated(times, source) {
  const days = times.filter(Boolean).map((at) => at.slice(0, 10)).sort(), from = source === 'sample' ? say('sample') : source;
  return !days.length ? from ?? '' : days[0] === days.at(-1) ? say('asOf', days[0], from) : say('asOfRange', days[0], days.at(-1), from);
}
const isWaiting = (error) => /^(pending|not_cached):/.test(error);

// caveat translates a sentence; the names in brackets behind it stay.
function caveat(text) {
  for (let i = text.length; i > 0; i = text.lastIndexOf(' (', i - 1)) {
    const head = text.slice(0, i), said = translated(head);
    if (said !== head) return said + text.slice(i);
  }
  return text;
}

// Numbers have the digits that Go writes: unit costs two decimals from 1 up and three
// significant digits below, percents two decimals, counts what they have. In Chinese, counts
// from ten thousand up are in 万, everywhere alike.
const known = (x) => Number.isFinite(x);
const grouped = (digits) => digits.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
const write = {
  count: (x, places) => (isChinese() && Math.abs(x) >= 1e4 ? tenThousands(x) : grouped(places === undefined ? shortened(x) : halfEven(x, places))),
  money: (x) => grouped(String(x)),
  cost: decimals,
  ratio: (x) => percents(100 * x) + say('percent'),
  percent: (x) => percents(x) + say('percent'),
};
const percents = (x) => (Math.abs(x) >= 0.01 || x === 0 ? grouped(halfEven(x, 2)) : decimals(x));
const tenThousands = (x) => (Math.abs(x) >= 1e8 ? grouped(halfEven(x / 1e8, 2)) + '亿' : grouped(halfEven(x / 1e4, 2)) + '万');
const shortened = (x) => String(Number(decimals(x).replaceAll(',', '')));
function decimals(x) {
  if (Math.abs(x) >= 0.9995 || x === 0) return grouped(halfEven(x, 2));
  const places = 2 - Number(x.toExponential(2).split('e')[1]);
  return halfEven(x, places);
}
// halfEven rounds a tie to the even digit, as Go does. A tie is a multiple of a power of
// one half.
function halfEven(x, places) {
  const up = x.toFixed(places), more = x.toFixed(places + 1);
  const isTie = (x * 1024) % 1 === 0 && more.endsWith('5') && Number(more) === x;
  return isTie && up.at(-1) % 2 ? (Number(up) - Math.sign(x) * 10 ** -places).toFixed(places) : up;
}
