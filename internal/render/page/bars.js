// barList is bars beside their values. items are {label, note, value, text, isOff};
// least and most are the ends of the scale. A value beyond most is drawn to the end, with
// a torn edge.
function barList(items, { kind = 'bars', least = 0, most = Math.max(0, ...items.map((i) => i.value).filter(known)) } = {}) {
  const at = (x) => (100 * (Math.min(Math.max(x, least), most) - least)) / (most - least || 1);
  return el('ol', { class: kind }, items.map(({ label, note, value, text, isOff }) => {
    const from = Math.min(at(0), at(value)), to = Math.max(at(0), at(value));
    const bar = known(value) && el('span', { class: value > most ? 'bar cut' : 'bar', style: `margin-inline-start: ${from}%; width: ${to - from}%` });
    return el('li', { class: isOff && 'off' }, el('span', { class: 'label' }, label, small(note)), el('span', { class: 'number' }, text), el('span', { class: 'track', 'aria-hidden': 'true' }, bar || ''));
  }));
}

