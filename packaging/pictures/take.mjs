// The two pictures of the README, from recorded answers:
//
//   internal/clients/node_modules/node/bin/node packaging/pictures/take.mjs BINARY
//
// Chinese names need a font of that script (fonts-noto-cjk). One sample has a name of
// emoji, which few machines have a font for: it is left out.
import { execFile } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { browser, file, stop } from '../../internal/clients/app-lib.mjs';
import { recordedUpstream } from '../../internal/clients/app-upstream.mjs';
import { binary, environment, recorded, temporary } from '../../internal/clients/lib.mjs';

const blogger = '5a3e1e000000000000000004', folder = temporary();
const run = async (args, { flags, env }) => (await promisify(execFile)(binary, [args[0], '-log-level', 'error', '-cache-dir', folder, ...flags, ...args.slice(1)], { env: environment(env), maxBuffer: 16 << 20 })).stdout;

// toWebP runs in the browser: a third of the bytes of a PNG.
async function toWebP(png) {
  const image = new Image();
  image.src = png;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.85).split(',')[1];
}

// picture keeps the top of a page.
async function picture(name, html, height) {
  const page = join(folder, `${name}.html`), path = join(import.meta.dirname, `${name}.webp`);
  writeFileSync(page, html);
  let png;
  await file(page, { width: 1180 }, async ({ tab }) => {
    await tab.setViewportSize({ width: 1180, height });
    png = (await tab.screenshot()).toString('base64');
  });
  const tab = await browser.newPage();
  writeFileSync(path, Buffer.from(await tab.evaluate(toWebP, `data:image/png;base64,${png}`), 'base64'));
  await tab.close();
  console.log(`${path}: ${statSync(path).size} bytes`);
}

const sample = { flags: ['-upstream', 'sample'], env: {} };
await picture('comparison', await run(['compare', '-o', 'html', '-budget-cny', '40000', ...recorded.filter((id) => !id.endsWith('7'))], sample), 1000);

// Samples are not kept in memory: a local upstream gives the profile beside the insights.
const upstream = await recordedUpstream();
await run(['profile', blogger], upstream);
const html = await run(['insights', '-o', 'html', '-sections', 'trend,growth,audience,performance', blogger], upstream);
upstream.stop();
await picture('blogger', html.replaceAll(upstream.flags[1], 'sample'), 1640);
await stop();
process.exit();
