// endOfBars keeps outliers from flattening the rest: bars end at three times the upper
// quartile of those who can be booked, or of all, where some value is far beyond that.
function endOfBars(all, bookable) {
  const sorted = (bookable.length > 1 ? bookable : all).sort((a, b) => a - b), end = 3 * sorted[Math.floor(0.75 * (sorted.length - 1))];
  return all.length > 2 && end > 0 && Math.max(...all) > 2 * end ? end : undefined;
}

// axis places values from low to high on a line from a to b: from zero, or by powers.
function axis(values, a, b, byPowers) {
  const low = byPowers ? Math.min(...values) / 1.4 : 0, high = Math.max(...values) * (byPowers ? 1.4 : 1.08);
  const at = byPowers ? (v) => a + ((b - a) * Math.log(v / low)) / Math.log(high / low) : (v) => a + ((b - a) * v) / high;
  return { low, high, at, ticks: ticksOf(low, high, byPowers) };
}
function ticksOf(low, high, byPowers) {
  const round = [];
  for (let e = Math.floor(Math.log10(high)) - 7; 10 ** e <= high; e++) for (const n of [1, 2, 5]) round.push(Number(`${n}e${e}`));
  if (!byPowers) {
    const step = round.find((s) => s >= (high - low) / 5);
    const first = Math.ceil(low / step);
    return Array.from({ length: 7 }, (_, i) => (first + i) * step).filter((v) => v <= high);
  }
  const inside = round.filter((v) => v >= low && v <= high);
  return inside.length > 7 ? inside.filter((v) => String(v).replace(/[0.]/g, '').startsWith('1')) : inside;
}


// The chart has as many bloggers as can be told apart.
const mostPoints = 200;
function showChart() {
  const delivery = column(/read/i.test(shown.meta.sortBy ?? '') && shown.meta.sortBy !== 'engagementToReadRatio' ? 'readMedian' : 'engagementMedian'), priced = column('priceCny');
  const rows = answered().filter((r) => r.priceCny && r[delivery.key]).slice(0, mostPoints);
  $('#plot').hidden = rows.length < 3;
  if (rows.length < 3) return;
  $('#delivery').textContent = say('against', pick(delivery.ranking));
  const width = Math.max(260, $('#chart').clientWidth), height = width < 480 ? 300 : 380, left = 58, right = width - 12, top = 26, bottom = height - 44;
  const prices = rows.map((r) => r.priceCny), values = rows.map((r) => r[delivery.key]);
  const isFar = (v) => Math.max(...v) > 40 * Math.min(...v), byPowers = isFar(prices) || isFar(values);
  const x = axis(prices, left, right, byPowers), y = axis(values, bottom, top, byPowers);
  const svg = fill($('#chart svg'), { viewBox: `0 0 ${width} ${height}`, height });
  svg.replaceChildren();
  const label = (x, y, anchor, text, attributes) => svg.appendChild(draw('text', { x, y, 'text-anchor': anchor, ...attributes }, text));
  const xs = width < 480 ? x.ticks.filter((_, i) => i % 2 === x.ticks.length % 2 || x.ticks.length < 4) : x.ticks;
  for (const v of xs) svg.append(draw('path', { class: 'grid', d: `M${x.at(v)} ${top}V${bottom}` })), label(x.at(v), bottom + 16, 'middle', write.money(v));
  for (const v of y.ticks) svg.append(draw('path', { class: 'grid', d: `M${left} ${y.at(v)}H${right}` })), label(left - 6, y.at(v) + 4, 'end', write.count(v));
  label(right, height - 6, 'end', `${title(priced)} →`, { class: 'axis' });
  label(0, 12, 'start', `↑ ${title(delivery)}`, { class: 'axis' });

  const costs = rows.filter(isBookable).map((r) => r.priceCny / r[delivery.key]).sort((a, b) => a - b);
  const usual = costs[Math.floor(costs.length / 2)];
  const from = usual && Math.max(x.low, usual * y.low), to = usual && Math.min(x.high, usual * y.high);
  if (to > from) svg.append(draw('path', { class: 'usual', d: `M${x.at(from)} ${y.at(from / usual)}L${x.at(to)} ${y.at(to / usual)}` }));

  const points = apart(rows.map((r) => ({ r, x: x.at(r.priceCny), y: y.at(r[delivery.key]) })));
  const textsOf = (r) => [nameOf(r), `${title(priced)} ${write.money(r.priceCny)}`, `${title(delivery)} ${write.count(r[delivery.key])}`, reason(r), flags(r)].filter(Boolean);
  const marks = points.map((p, i) => draw('g', {
    class: isBookable(p.r) ? '' : 'off', role: 'img', tabindex: i ? -1 : 0, transform: `translate(${p.x} ${p.y})`, 'aria-label': clauses(textsOf(p.r)), onfocus: () => showTip(p, textsOf), onblur: hideTip,
    onkeydown: (e) => {
      if (e.key === 'Escape') hideTip();
      if (!e.key.startsWith('Arrow')) return;
      e.preventDefault();
      marks[/Right|Down/.test(e.key) ? i + 1 : i - 1]?.focus();
    },
  }, draw('path', { class: 'mark', d: isBookable(p.r) ? 'M-6 0a6 6 0 0 0 12 0a6 6 0 0 0-12 0' : 'M0-7 7 0 0 7-7 0Z' })));
  svg.append(...marks);
  const unnamed = nameThem(svg, points, { left, right, top, bottom });
  svg.onpointermove = (e) => {
    const box = svg.getBoundingClientRect(), at = { x: ((e.clientX - box.x) * width) / box.width, y: ((e.clientY - box.y) * height) / box.height };
    const near = points.map((p) => [Math.hypot(p.x - at.x, p.y - at.y), p]).sort(([a], [b]) => a - b)[0];
    near[0] < 30 ? showTip(near[1], textsOf) : hideTip();
  };
  svg.onpointerleave = hideTip;
  $('#legend').replaceChildren(...[say('marks'), to > from && say(delivery.key === 'readMedian' ? 'usualRead' : 'usualEngagement', decimals(usual)), byPowers && say('byPowers'), answered().length > mostPoints && say('firstOnly', mostPoints), unnamed > 0 && say('unnamed', unnamed)].filter(Boolean).map((s) => el('span', {}, s)), el('span', { class: 'screen' }, say('pointing')));
}

// apart moves marks that would cover each other onto a ring around their place.
function apart(points) {
  const groups = [];
  for (const p of points) {
    const near = groups.find(([q]) => Math.hypot(p.x - q.x, p.y - q.y) < 7);
    near ? near.push(p) : groups.push([p]);
  }
  for (const group of groups.filter((g) => g.length > 1)) {
    const { x, y } = group[0], radius = 7 / Math.sin(Math.PI / Math.max(2, group.length));
    group.forEach((p, i) => Object.assign(p, { x: x + radius * Math.cos((2 * Math.PI * i) / group.length), y: y + radius * Math.sin((2 * Math.PI * i) / group.length) }));
  }
  return points;
}

// nameThem writes names where they cover neither a mark nor another name, those of the
// first bloggers first, and gives the number of those without room.
function nameThem(svg, points, { left, right, top, bottom }) {
  const taken = points.map((p) => [p.x - 8, p.y - 8, p.x + 8, p.y + 8]);
  // A name beside the mark of another would be read as that one's.
  const isFree = (p) => ([a, b, c, d]) => points.every((q) => q === p || a > q.x + 20 || c < q.x - 20 || b > q.y + 6 || d < q.y - 6) && a >= left && c <= right && b >= top - 14 && d <= bottom && !taken.some(([e, f, g, h]) => a < g && c > e && b < h && d > f);
  let unnamed = 0;
  for (const p of points) {
    const name = [...nameOf(p.r)], text = draw('text', { class: 'who' }, name.length > 14 ? name.slice(0, 13).join('') + '…' : nameOf(p.r));
    svg.append(text);
    const w = text.getComputedTextLength() + 4;
    const places = [[p.x + 10, p.y - 8], [p.x - 10 - w, p.y - 8], [p.x - w / 2, p.y - 25], [p.x - w / 2, p.y + 9], [p.x + 8, p.y - 22], [p.x + 8, p.y + 6], [p.x - 8 - w, p.y - 22], [p.x - 8 - w, p.y + 6]];
    const box = places.map(([a, b]) => [a, b, a + w, b + 16]).find(isFree(p));
    if (!box) {
      text.remove();
      unnamed++;
      continue;
    }
    taken.push(box);
    fill(text, { x: box[0] + 2, y: box[1] + 12 });
  }
  return unnamed;
}

function showTip(p, textsOf) {
  const box = $('#tip'), svg = $('#chart svg').getBoundingClientRect(), factor = svg.width / $('#chart svg').viewBox.baseVal.width;
  const [name, ...rest] = textsOf(p.r);
  box.replaceChildren(el('strong', {}, named(name)), ...rest.map((f) => small(f)));
  box.hidden = false;
  const x = p.x * factor, y = p.y * factor;
  box.style.left = `${Math.max(0, Math.min(x - box.offsetWidth / 2, svg.width - box.offsetWidth))}px`;
  box.style.top = `${y < box.offsetHeight + 14 ? y + 14 : y - box.offsetHeight - 14}px`;
}
const hideTip = () => ($('#tip').hidden = true);
