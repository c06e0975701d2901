// The comparison's page in the Apps tab of MCP Inspector.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { join } from 'node:path';
import { browser, frame, stop, watched } from './app-lib.mjs';
import { assert, binary, check, environment, equal, freePort, recorded, root, sleep, temporary, track, withServer } from './lib.mjs';

const inspector = join(root, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');

// answers waits until somebody listens there.
const answers = async (url) => {
  for (;;) {
    if (await new Promise((done) => http.get(url, (r) => (r.resume(), done(true))).on('error', () => done(false)))) return;
    await sleep(50);
  }
};

await withServer('http', [], {}, async ({ url, calls }) => {
  await check('app: Inspector shows the page with the rows of its own call', async () => {
    const [port, sandbox, token] = [await freePort(), await freePort(), randomBytes(16).toString('hex')];
    const child = track(spawn(process.execPath, [inspector, '--web'], {
      env: environment({ HOME: temporary(), HOST: '127.0.0.1', CLIENT_PORT: String(port), MCP_SANDBOX_PORT: String(sandbox), MCP_AUTO_OPEN_ENABLED: 'false', MCP_INSPECTOR_API_TOKEN: token }),
      stdio: 'ignore',
    }));
    await answers(`http://127.0.0.1:${port}/`);
    const args = Buffer.from(JSON.stringify({ userIds: recorded })).toString('base64url');
    const query = new URLSearchParams({ MCP_INSPECTOR_API_TOKEN: token, serverUrl: url.href, transport: 'http', autoConnect: token, openApp: 'compare_bloggers', appArgs: args, autoOpen: token });
    const { tab } = await watched(() => true); // Inspector itself asks for more
    const errors = [];
    tab.on('pageerror', (e) => errors.push(e.message));
    tab.setDefaultTimeout(30000);
    await tab.goto(`http://127.0.0.1:${port}/?${query}`);
    const view = await frame(tab, 'about:srcdoc');
    const requests = [];
    tab.on('request', (r) => r.frame() === view && requests.push(r.url()));
    await view.waitForSelector('#table tbody tr');
    equal(await view.locator('#table tbody tr').count(), recorded.length, 'rows');
    for (let i = 0; i < 2; i++) await view.locator('#table thead [data-key=priceCny]').click();
    equal(await view.locator('#table thead th[aria-sort]').getAttribute('aria-sort'), 'descending', 'order after two clicks');
    equal([requests, errors], [[], []], "the page's requests, errors");
    equal(await calls(), 1, 'calls');
    await tab.close();
    child.kill();
  });
});

for (const [tool, given] of [['compare_bloggers', { userIds: recorded.slice(0, 1) }], ['get_blogger_profile', { userId: recorded[0] }], ['get_blogger_insights', { userId: '5a3e1e000000000000000004' }]]) {
  await check(`app: Inspector says that ${tool} has a page`, async () => {
    const args = [inspector, '--cli', '-e', 'PGY_MCP_UPSTREAM=sample', binary, '--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(given), '--app-info'];
    const got = await new Promise((done) => {
      track(execFile(process.execPath, args, { env: environment({ HOME: temporary() }), timeout: 50000 }, (error, stdout, stderr) => done({ status: error ? error.code ?? error.signal : 0, stdout, stderr })));
    });
    equal(got.status, 0, `exit status (${got.stdout}${got.stderr})`);
    assert(/"hasApp":\s*true/.test(got.stdout), got.stdout);
  });
}

await browser.close();
await stop();
process.exit();
