/** What commands print, apart from what they ask. */
import { expect, test } from 'vitest';
import { folderOf } from './compiled.ts';
import { JOB_ID, jobIn, jobsServer } from './jobs-server.ts';
import { nightshift } from './run.ts';
import { startServer, urlOf } from './server.ts';

const ESCAPE = '\u001b';

test('with --json an error is JSON, too, and stderr says it as always', async () => {
  const detail = `No job ${JOB_ID}. Ended jobs are kept for a day.`;
  const url = await urlOf((_, answer) => answer.writeHead(404).end(JSON.stringify({ code: 'JOB_NOT_FOUND', detail })));
  const { code, stdout, stderr } = await nightshift(['jobs', 'show', JOB_ID, '--json', '--url', url]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toEqual({ error: { code: 'JOB_NOT_FOUND', message: detail, jobId: JOB_ID } });
  expect(stderr).toBe(`✗ JOB_NOT_FOUND: ${detail}\n`);
});

test('a server that is not there ends with 3', async () => {
  const { url, close } = await startServer(() => undefined);
  await close();
  const { code, stdout } = await nightshift(['jobs', '--json', '--url', url]);
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'UNREACHABLE' } });
});

test.each([401, 403])('who is not let in (%s) is asked about the key', async (status) => {
  const url = await urlOf((_, answer) => answer.writeHead(status).end('{"message":"Forbidden"}'));
  const { code, stderr } = await nightshift(['jobs', '--url', url], { NIGHTSHIFT_API_KEY: 'wrong' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/Is the API key right \(--api-key, NIGHTSHIFT_API_KEY\)\?\n$/);
  expect(stderr).not.toContain('wrong');
});

test('the key is sent, from the option or the variable', async () => {
  const keys: unknown[] = [];
  const url = await urlOf((incoming, answer) => {
    keys.push(incoming.headers['x-api-key']);
    answer.end('{"jobs": []}');
  });
  await nightshift(['jobs', '--url', url], { NIGHTSHIFT_API_KEY: 'of-the-variable' });
  await nightshift(['jobs', '--url', url, '--api-key', 'of-the-option'], { NIGHTSHIFT_API_KEY: 'of-the-variable' });
  expect(keys).toEqual(['of-the-variable', 'of-the-option']);
});

test('jobs cancel tells what became of each', async () => {
  const other = JOB_ID.replace(/0$/, '1');
  const url = await urlOf((incoming, answer) => {
    const state = incoming.url?.endsWith(other) ? 'succeeded' : 'cancelled';
    answer.end(JSON.stringify(jobIn(state, incoming.url?.split('/').at(-1))));
  });
  const { code, stdout, stderr } = await nightshift(['jobs', 'cancel', JOB_ID, other, '--url', url]);
  expect([code, stdout]).toEqual([1, `${JOB_ID} is cancelled.\n`]);
  expect(stderr).toBe(`✗ ALREADY_ENDED: Job ${other} has succeeded already.\n`);
  const asJson = await nightshift(['jobs', 'cancel', JOB_ID, other, '--json', '--url', url]);
  expect(JSON.parse(asJson.stdout)).toMatchObject([
    { id: JOB_ID, state: 'cancelled' },
    { id: other, error: { code: 'ALREADY_ENDED' } },
  ]);
});

test('progress has no colours in a pipe', async () => {
  const { url } = await jobsServer();
  const file = `${await folderOf({ 'spend.preimage': 'midnight:proof-preimage:' })}/spend.preimage`;
  const { code, stdout, stderr } = await nightshift([
    'prove',
    file,
    '--circuit',
    'midnight/dust/spend',
    '--no-wait',
    '--url',
    url,
  ]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^[0-9a-f-]{36}\n$/)]);
  expect(stderr).toBe('✓ Submit\n');
  expect(stdout + stderr).not.toContain(ESCAPE);
});

test.each([
  ['prove', 'empty', [], /^✗ NOT_A_REQUEST: .*empty holds neither a tagged proof preimage/],
  ['prove', 'preimage', [], /^✗ WRONG_USE: .*--circuit/m],
  ['prove', 'body', ['--circuit', 'count'], /^✗ WRONG_USE: --circuit and --binding-input go with a preimage/m],
  ['prove', 'nowhere', [], /^✗ FILE_NOT_READABLE: .*nowhere can't be read: ENOENT/],
  ['prove', 'taken', [], /^✗ FILE_EXISTS: .*taken\.proof is there already\. .*--force/],
  ['check', 'body', [], /^✗ WRONG_USE: .*is a body of \/prove: nightshift prove takes it/],
  ['verify', 'preimage', ['--circuit', 'count', '--statement', 'nowhere'], /^✗ FILE_NOT_READABLE: nowhere /],
])('%s %s %j is refused before anything is asked', async (command, name, options, reason) => {
  const asked: unknown[] = [];
  const url = await urlOf((incoming) => asked.push(incoming.url));
  const body = 'midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):';
  const preimage = 'midnight:proof-preimage:';
  const folder = await folderOf({ empty: '', preimage, body, taken: body, 'taken.proof': 'x' });
  const { code, stdout, stderr } = await nightshift([command, `${folder}/${name}`, ...options, '--url', url]);
  expect([code, stdout, asked]).toEqual([2, '', []]);
  expect(stderr).toMatch(reason);
});
