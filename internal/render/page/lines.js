// lineChart draws days: points are {date, value}. A day without a value is a gap.
function lineChart(label, points, toText) {
  const width = 340, height = 140, left = 8, right = width - 8, top = 26, bottom = height - 42;
  const values = points.map((p) => p.value), low = Math.min(...values), high = Math.max(...values);
  const day = (p) => Date.parse(p.date) / 864e5;
  const [first, last] = [day(points[0]), day(points.at(-1))];
  const x = (p) => left + ((right - left) * (day(p) - first)) / (last - first || 1);
  const y = (p) => (high > low ? bottom - ((bottom - top) * (p.value - low)) / (high - low) : (top + bottom) / 2);
  const path = points.map((p, i) => `${i && day(p) - day(points[i - 1]) < 1.5 ? 'L' : 'M'}${x(p).toFixed(1)} ${y(p).toFixed(1)}`).join('');
  const anchor = (p) => (x(p) < 80 ? 'start' : x(p) > width - 80 ? 'end' : 'middle');
  const ends = [...new Set([points[0], points.at(-1)])];
  const extremes = [...new Set([points.find((p) => p.value === high), points.find((p) => p.value === low)])];
  const mark = (p) => draw('circle', { cx: x(p), cy: y(p), r: 3.5 });
  const said = (p, dy) => draw('text', { x: x(p), y: y(p) + dy, 'text-anchor': anchor(p), class: 'value' }, toText(p.value));
  return el('figure', {}, el('figcaption', {}, label),
    draw('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', class: 'line', 'aria-label': `${label}: ${points.map((p) => `${p.date} ${toText(p.value)}`).filter((_, i, all) => all.length < 12 || i === 0 || i === all.length - 1).join(', ')}` },
      draw('path', { class: 'grid', d: `M${left} ${height - 20}H${right}` }), draw('path', { class: 'course', d: path }),
      ...[...new Set([...ends, ...extremes])].map(mark), ...extremes.map((p) => said(p, p.value === low && high > low ? 17 : -8)),
      ...ends.filter((p) => !extremes.includes(p)).map((p) => said(p, -8)),
      ...ends.map((p) => draw('text', { x: x(p), y: height - 1, 'text-anchor': anchor(p) }, p.date))));
}
