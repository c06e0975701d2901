// What a reader of the pages sees, as texts.
import axe from 'axe-core';
import { assert } from './lib.mjs';

export const texts = (view, selector) => view.locator(selector).allInnerTexts();
export const plainly = (t) => t.replace(/\s+/g, ' ').trim();
export const names = (view) => view.locator('#table tbody th bdi').allTextContents();
export const bars = async (view) => (await texts(view, '#bars li')).map(plainly);
const heads = async (view) => (await view.locator('#table thead th').evaluateAll((all) => all.map((th) => th.querySelector('span').textContent)));
export const column = async (view, name) => {
  const head = await heads(view);
  assert(head.includes(name), `no column ${name} in ${head}`);
  return view.locator(`#table tbody tr > :nth-child(${head.indexOf(name) + 1})`).allTextContents();
};
export const header = (view, key) => view.locator(`#table thead [data-key=${key}]`);
export const sorted = (view) => view.locator('#table thead th[aria-sort]').evaluateAll((all) => all.map((th) => [th.querySelector('span').textContent, th.getAttribute('aria-sort')]));

// seen is all text of the page that takes room, line by line; drawings say their labels.
export const seen = (view) => view.evaluate(() => {
  const out = [];
  const walk = (e) => {
    if (e.getAttribute('aria-label') && e.matches('svg *')) return out.push(e.getAttribute('aria-label'));
    if (e.matches('svg, option, script')) return [...e.children].forEach(walk);
    if (!e.checkVisibility()) return;
    if (e.matches('li, td, th, h1, h2, h3, p, dt, dd, small, b, figcaption, span')) return out.push(e.innerText.replace(/\s+/g, ' ').trim());
    [...e.children].forEach(walk);
  };
  walk(document.querySelector('main'));
  return out.filter(Boolean);
});

// serious gives what axe finds.
export async function serious(view) {
  await view.evaluate(axe.source);
  const { violations, passes } = await view.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert(passes.length > 10, `axe looked at ${passes.length} things only`);
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)}`);
}

// small gives the controls that are less than 44 px in one direction.
export const small = (view) => view.evaluate(() => [...document.querySelectorAll('button, select, a, input:not([type=checkbox]), label')].filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.height < 43.5 || r.width < 43.5).map(([e, r]) => `${e.outerHTML.slice(0, 80)} ${Math.round(r.width)}x${Math.round(r.height)}`));

// wide is whether the page is wider than its frame.
export const wide = (view) => view.evaluate(() => document.documentElement.scrollWidth > innerWidth);
