// MCP Inspector's command line against every transport.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { assert, binary, check, environment, equal, recorded, redId, root, sample, temporary, track, withServer } from './lib.mjs';

const inspector = join(root, 'node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js');
const home = temporary(); // it keeps files there

function inspect(target, ...args) {
  return new Promise((done) => {
    const options = { env: environment({ HOME: home }), timeout: 50000, maxBuffer: 16 << 20 };
    track(execFile(process.execPath, [inspector, '--cli', ...target, ...args], options, (error, stdout, stderr) => {
      done({ status: error ? error.code ?? error.signal : 0, stdout, stderr });
    }));
  });
}

// expect runs one method, holds it to its exit status and looks at its answer.
function expect(target, name, status, args, look) {
  return check(name, async () => {
    const got = await inspect(target, ...args);
    const fail = (e) => Object.assign(e, { output: `exit ${got.status}\n${got.stdout}\n${got.stderr}\n` });
    try {
      equal(got.status, status, 'exit status');
      look(JSON.parse(got.stdout), got);
    } catch (e) {
      throw fail(e);
    }
  });
}

const names = (list, key = 'name') => list.map((x) => x[key]).sort();

async function methods(label, target) {
  const run = (name, ...rest) => expect(target, `inspector ${label} ${name}`, ...rest);
  const call = (tool, args) => ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(args)];
  await run('tools/list --strict', 0, ['--method', 'tools/list', '--strict'], (r) => {
    equal(names(r.tools), ['compare_bloggers', 'find_bloggers', 'get_blogger_insights', 'get_blogger_profile', 'review_notes'], 'tools');
    for (const t of r.tools) equal([t.inputSchema.type, t.outputSchema.type], ['object', 'object'], 'schema types');
  });
  await run('get_blogger_profile', 0, ['--method', 'tools/call', '--tool-name', 'get_blogger_profile', '--tool-arg', `userId=${sample}`], (r) => {
    equal(r.structuredContent.summary.userId, sample, 'userId');
    equal(r.structuredContent.meta.source, 'sample', 'source');
    equal(r.content.map((c) => c.type), ['text', 'text'], 'content');
  });
  // Inspector sends these digits as a number.
  await run('get_blogger_profile of a redId', 5, ['--method', 'tools/call', '--tool-name', 'get_blogger_profile', '--tool-arg', `userId=${redId}`], (r) => {
    assert(r.content[0].text.startsWith('invalid_argument: '), 'the text does not begin with invalid_argument');
    equal([r.isError, r.structuredContent], [true, undefined], 'isError, structuredContent');
  });
  await run('compare_bloggers', 0, call('compare_bloggers', { userIds: recorded }), (r) => {
    equal(r.structuredContent.rows.length, recorded.length, 'rows');
    assert(r.content[0].text.startsWith('|'), 'the text is no table');
  });
  await run('compare_bloggers, nobody found', 5, call('compare_bloggers', { userIds: ['5a3e1e0000000000000000e1'] }), (r) => {
    assert(r.content[0].text.startsWith('not_found: '), 'the text does not begin with not_found');
  });
  await run('find_bloggers', 0, call('find_bloggers', { categories: ['母婴'], location: '广东', maxPriceCny: 10000, budgetCny: 15000 }), (r) => {
    equal([r.structuredContent.meta.found, r.structuredContent.plan.userIds.length], [3, 2], 'found, picks');
  });
  await run('review_notes', 0, call('review_notes', { notes: ['5a3e1e0000000000000000c2', '5a3e1e0000000000000000c6'], paidCny: [13200, 0] }), (r) => {
    equal([r.structuredContent.totals.cnyPerRead, r.structuredContent.meta.failed], [1.61, 1], 'cost per read, failed notes');
  });
  await run('resources/list', 0, ['--method', 'resources/list'], (r) => {
    const account = label.startsWith('stdio') ? ['pgy://account'] : []; // which is the operator's
    const want = [...account, 'pgy://field-guide', 'pgy://search-labels', 'ui://pgy-mcp/blogger-HASH.html', 'ui://pgy-mcp/comparison-HASH.html'];
    equal(names(r.resources, 'uri').map((uri) => uri.replace(/-[0-9a-f]{8}\./, '-HASH.')), want, 'resources');
  });
  await run('resources/read', 0, ['--method', 'resources/read', '--uri', 'pgy://field-guide'], (r) => {
    equal([r.contents.length, r.contents[0].mimeType], [1, 'text/markdown'], 'contents');
    assert(r.contents[0].text.includes('readMedian'), 'the guide does not know readMedian');
  });
  await run('resources/read of a raw profile', 0, ['--method', 'resources/read', '--uri', `pgy://blogger/${sample}/raw`], (r) => {
    equal(JSON.parse(r.contents[0].text).userId, sample, 'userId');
  });
  await run('resources/templates/list', 0, ['--method', 'resources/templates/list'], (r) => {
    equal(names(r.resourceTemplates, 'uriTemplate'), ['pgy://blogger/{userId}/history', 'pgy://blogger/{userId}/raw'], 'templates');
  });
  await run('prompts/list', 0, ['--method', 'prompts/list'], (r) => equal(names(r.prompts), ['evaluate_blogger', 'plan_campaign', 'shortlist_bloggers'], 'prompts'));
  const prompt = (name, ...args) => ['--method', 'prompts/get', '--prompt-name', name, '--prompt-args', ...args];
  await run('prompts/get evaluate_blogger', 0, prompt('evaluate_blogger', `userId=${sample}`, 'brief=tea for students'), (r) => {
    const text = r.messages[0].content.text;
    assert(text.includes(sample) && text.includes('tea for students'), 'the prompt lacks its arguments');
  });
  await run('prompts/get shortlist_bloggers', 0, prompt('shortlist_bloggers', `userIds=${recorded.slice(0, 3).join(',')}`, 'brief=tea for students', 'budgetCny=20000'), (r) => {
    const text = r.messages[0].content.text;
    assert(recorded.slice(0, 3).every((id) => text.includes(id)) && text.includes('tea for students'), 'the prompt lacks its arguments');
  });
}

const stdio = ['-e', 'PGY_MCP_UPSTREAM=sample', binary];
await Promise.all([
  methods('stdio', stdio),
  withServer('http', [], {}, async ({ url }) => {
    const target = ['--transport', 'http', '--server-url', url.href];
    await methods('http', target);
    await methods('http modern', [...target, '--protocol-era', 'modern']);
  }),
]);
await Promise.all([
  methods('stdio modern', [...stdio, '--protocol-era', 'modern']),
  withServer('sse', [], {}, ({ url }) => methods('sse', ['--transport', 'sse', '--server-url', url.href])),
]);
