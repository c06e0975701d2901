// What a reader of the comparison's page sees, as texts.
import axe from 'axe-core';
import { assert } from './lib.mjs';

export const texts = (view, selector) => view.locator(selector).allInnerTexts();
export const names = (view) => view.locator('tbody th .name').allTextContents();
export const bars = async (view) => (await texts(view, '#bars li')).map((t) => t.replace(/\s+/g, ' ').trim());
export const column = async (view, name) => {
  const head = (await texts(view, 'thead th span')).map((t) => t.replace(/ [▲▼]$/, ''));
  assert(head.includes(name), `no column ${name} in ${head}`);
  return view.locator(`tbody tr > :nth-child(${head.indexOf(name) + 1})`).allTextContents();
};
export const header = (view, name) => view.locator('thead button', { hasText: new RegExp(`^${name}`) });
export const sorted = (view) => view.locator('thead th[aria-sort]').evaluateAll((all) => all.map((th) => [th.querySelector('span').textContent, th.getAttribute('aria-sort')]));

// serious gives what axe finds.
export async function serious(view) {
  await view.evaluate(axe.source);
  const { violations, passes } = await view.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  assert(passes.length > 10, `axe looked at ${passes.length} things only`);
  return violations.filter((v) => ['serious', 'critical', 'moderate'].includes(v.impact)).map((v) => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 200)}`);
}
