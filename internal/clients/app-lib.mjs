// A host of MCP Apps in a real browser: the protocol's own AppBridge, and the
// page in a sandbox on another origin under the policy of the specification.
import { build } from 'esbuild';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { binary, environment, equal, root, sleep, temporary, within } from './lib.mjs';

const policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; object-src 'none'; connect-src 'none'";

// The sandbox passes messages on between the host and the page in its own frame.
const sandbox = `<!doctype html><title>sandbox</title><style>body { margin: 0 } iframe { border: 0; width: 100%; height: 100vh; display: block }</style><script>
const inner = document.createElement('iframe');
inner.sandbox = 'allow-scripts';
inner.title = 'view';
addEventListener('message', (e) => {
  if (e.source === inner.contentWindow) parent.postMessage(e.data, '*');
  else if (e.data.method === 'ui/notifications/sandbox-resource-ready') {
    inner.srcdoc = e.data.params.html;
    document.body.append(inner);
  } else inner.contentWindow?.postMessage(e.data, '*');
});
addEventListener('load', () => parent.postMessage({ jsonrpc: '2.0', method: 'ui/notifications/sandbox-proxy-ready', params: {} }, '*'));
</script><body></body>`;

const bundle = await build({ entryPoints: [join(root, 'app-host.js')], bundle: true, write: false, format: 'iife' });

const server = http.createServer((request, response) => {
  const [type, body, headers] = {
    '/': ['text/html', '<!doctype html><meta charset="utf-8"><title>host</title><link rel="icon" href="data:,"><body style="margin:0"><script src="/host.js"></script>'],
    '/host.js': ['text/javascript', bundle.outputFiles[0].text],
    '/sandbox': ['text/html', sandbox, { 'Content-Security-Policy': policy }],
  }[request.url] ?? ['text/plain', ''];
  response.writeHead(body ? 200 : 404, { 'Content-Type': type, ...headers }).end(body);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const addresses = [`http://127.0.0.1:${port}/`, `http://127.0.0.1:${port}/host.js`, `http://localhost:${port}/sandbox`];

export const browser = await within(30, chromium.launchPersistentContext(temporary(), {
  executablePath: '/usr/bin/chromium',
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
}), 'starting the browser');

export async function stop() {
  await browser.close();
  server.close();
  server.closeAllConnections();
}

// watched is a tab that remembers what it should not have done.
export async function watched(allowed) {
  const tab = await browser.newPage();
  tab.setDefaultTimeout(10000);
  const wrong = [];
  tab.on('console', (m) => ['error', 'warning'].includes(m.type()) && wrong.push(`console: ${m.text()}`));
  tab.on('pageerror', (e) => wrong.push(`error: ${e.message}`));
  tab.on('dialog', (d) => (wrong.push(`dialog: ${d.message()}`), d.dismiss()));
  tab.on('request', (r) => allowed(r.url()) || wrong.push(`request: ${r.url()}`));
  return { tab, wrong };
}

// host shows a page; view is the frame in which it runs. body gets both, and
// what the page told the host by told().
export async function host(html, options, body) {
  const { tab, wrong } = await watched((url) => addresses.includes(url) || url === 'about:srcdoc');
  const { width = 1200, context = {}, capabilities = { openLinks: {} }, scheme = 'light' } = options;
  try {
    await tab.emulateMedia({ colorScheme: scheme });
    await tab.setViewportSize({ width, height: 800 });
    await tab.goto(addresses[0]);
    await tab.evaluate((o) => window.host(o), { html, sandbox: addresses[2], context: { displayMode: 'inline', locale: 'en-US', theme: 'light', ...context }, capabilities, refuse: options.refuse, width });
    const view = await frame(tab, 'about:srcdoc');
    const send = (method, params) => tab.evaluate(([m, p]) => window.bridge[m](p), [method, params]);
    await body({ tab, view, send, told: () => tab.evaluate(() => window.seen) });
    equal(wrong, [], 'requests, dialogs and lines on the console');
    equal((await tab.evaluate(() => window.seen)).calls, [], 'tools that the page called');
  } finally {
    await tab.close();
  }
}

// frame waits for the frame of an address: it is told of later than of the page
// inside.
export async function frame(tab, url) {
  for (let view; ; await sleep(20)) if ((view = tab.frames().find((f) => f.url() === url))) return view;
}

// file opens a file without a network; with isPlain, no script of it runs.
export async function file(path, options, body) {
  const address = pathToFileURL(path).href;
  const { tab, wrong } = await watched((url) => url === address);
  const { width = 1200, scheme = 'light' } = options;
  try {
    await tab.emulateMedia({ colorScheme: scheme });
    await tab.setViewportSize({ width, height: 800 });
    if (options.isPlain) await (await browser.newCDPSession(tab)).send('Emulation.setScriptExecutionDisabled', { value: true });
    await tab.goto(address);
    await body({ tab, view: tab.mainFrame() });
    equal(wrong, [], 'requests, dialogs and lines on the console');
  } finally {
    await tab.close();
  }
}

// withClient runs a body with a client of a server over stdio.
export async function withClient(flags, env, options, body) {
  const client = new Client({ name: 'host', version: '1' }, options);
  await client.connect(new StdioClientTransport({ command: binary, args: ['-cache-dir', 'off', ...flags], env: environment(env), stderr: 'ignore' }));
  try {
    return await body(client);
  } finally {
    await client.close();
  }
}

// pageOf gives a page as the server gives it.
export const pageOf = (name) => withClient(['-upstream', 'sample'], {}, {}, async (client) => {
  const { uri } = (await client.listResources()).resources.find((r) => r.uri.startsWith(`ui://pgy-mcp/${name}-`));
  return (await client.readResource({ uri })).contents[0].text;
});
