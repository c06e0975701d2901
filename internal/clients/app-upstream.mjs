// An upstream that answers every endpoint of a blogger with the recorded answers.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { root } from './lib.mjs';

const sections = { notesRate: 'performance', fans_profile: 'audience', fansSummary: 'followers', costEffective: 'costs', notesDetail: 'notes', core_data: 'trend', fans_overall_new_history: 'growth', dataSummary: 'availability' };

// recordedUpstream gives the flags and the environment for a command. change may alter
// the data of a profile by its userId; an id without a record has the sample's profile.
export async function recordedUpstream(change = (data) => data) {
  const recorded = (name) => JSON.parse(readFileSync(join(root, '../../testdata/upstream', `${name}.json`), 'utf8'));
  const server = http.createServer((request, response) => {
    const url = new URL(request.url, 'http://upstream'), id = url.searchParams.get('userId');
    const section = sections[url.pathname.split('/').at(-2)];
    let answer;
    try {
      answer = recorded(section ? `${id}/${section}` : id);
    } catch {
      answer = section ? { code: 201, message: 'no data' } : recorded('659902c1000000002200361b');
    }
    if (!section && answer.code === 0) answer.data = change({ ...answer.data, userId: id }, id);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    flags: ['-upstream', `http://127.0.0.1:${server.address().port}`],
    env: { JUSTONEAPI_TOKEN: 'dummy-token-for-tests' },
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
