// The protocol's own conformance suites, the stable one and the one that knows
// 2026-07-28.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { assert, check, environment, freePort, root, temporary, track, withServer } from './lib.mjs';

const suites = [
  ['@modelcontextprotocol/conformance', [], ['server-initialize', 'ping', 'tools-list', 'dns-rebinding-protection', 'resources-list', 'prompts-list', 'server-sse-multiple-streams']],
  ['conformance-next', ['--spec-version', '2026-07-28'], ['tools-list', 'caching', 'http-header-validation', 'sep-2164-resource-not-found']],
];

function scenario(suite, flags, name, url) {
  return new Promise((done) => {
    const main = join(root, 'node_modules', suite, 'dist/index.js');
    const args = [main, 'server', '--url', url.href, '--scenario', name, '-o', temporary(), ...flags];
    track(execFile(process.execPath, args, { env: environment(), timeout: 50000 }, (error, stdout, stderr) => done({ status: error ? error.code ?? error.signal : 0, output: stdout + stderr })));
  });
}

// The suite sends the server's own address as Origin and expects to be let in;
// without being listed no Origin is.
const port = await freePort();
const flags = ['-addr', `127.0.0.1:${port}`, '-allowed-origins', `http://127.0.0.1:${port},http://localhost:${port}`];
await withServer('http', flags, {}, async ({ url }) => {
  for (const [suite, more, names] of suites) {
    for (const name of names) {
      await check(`${suite} ${name}`, async () => {
        const { status, output } = await scenario(suite, more, name, url);
        assert(status === 0 && /Passed: .*, 0 failed/.test(output), `exit ${status}\n${output}`);
      });
    }
  }
});
