/** What the command sends and says about development parameters, to a server that has them switched on. */
import type { IncomingMessage, RequestListener } from 'node:http';
import { json } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { ContractView } from '../../core/api/contracts.ts';
import { folderOf } from './compiled.ts';
import { nightshift } from './run.ts';
import { urlOf } from './server.ts';

const WARNING = 'INSECURE: made with development parameters.';
const ID = `dev-${'0'.repeat(64)}`;

const asJson = (answer: Parameters<RequestListener>[1], status: number, body: unknown) =>
  answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

test('params dev waits until they are made, and warns of them', async () => {
  const asked: IncomingMessage[] = [];
  const url = await urlOf((incoming, answer) => {
    asked.push(incoming);
    if (asked.length < 3) answer.writeHead(503, { 'retry-after': '0.1' }).end('They are on their way.');
    else asJson(answer, 200, { k: 16, params_url: 'http://bucket/', parameters: 'development', warning: WARNING });
  });
  expect(await nightshift(['params', 'dev', '--k', '16', '--url', url])).toMatchObject({
    code: 0,
    stdout: '',
    stderr: `✓ Development parameters for k=16\n⚠ ${WARNING}\n`,
  });
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual(
    Array(3).fill('GET /fetch-params/16?parameters=development'),
  );
});

test('params dev does not take other parameters for them', async () => {
  const url = await urlOf((_, answer) => asJson(answer, 200, { k: 16, params_url: 'http://bucket/' }));
  const { code, stderr } = await nightshift(['params', 'dev', '--k', '16', '--url', url]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ UNEXPECTED_ANSWER: .* Check --url\.$/m);
});

test('push --dev leaves verifier keys out, and warns', async () => {
  let body: unknown;
  const url = await urlOf(async (incoming, answer) => {
    body = await json(incoming);
    const contract: ContractView = {
      id: ID,
      state: 'ready',
      parameters: 'development',
      warning: WARNING,
      createdAt: '2026-11-21T00:00:00Z',
      circuits: { get: { state: 'ready', k: 6, lane: 'small', zkirSha256: '0'.repeat(64), zkirBytes: 2 } },
      links: { self: `/v1/contracts/${ID}`, prefix: `/contracts/${ID}` },
    };
    asJson(answer, 202, contract);
  });
  const folder = await folderOf({ 'zkir/get.zkir': '{}', 'keys/get.verifier': 'v' });
  const { code, stdout, stderr } = await nightshift(['push', folder, '--dev', '--url', url]);
  expect([code, stdout.split('\n')[0]]).toEqual([0, `${url}/contracts/${ID}`]);
  expect(stderr).toContain(`\n⚠ ${WARNING}\n`);
  expect(body).toEqual({ circuits: { get: { zkir: 'e30=' } }, parameters: 'development' });
});
