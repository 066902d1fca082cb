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
  expect(stderr).toMatch(/takes it from --api-key or NIGHTSHIFT_API_KEY\.\n$/);
  expect(stderr).not.toContain('wrong');
});

test('whose key does not work is asked about it, too', async () => {
  const problem = JSON.stringify({ code: 'UNAUTHENTICATED', detail: 'No key that works.' });
  const url = await urlOf((_, answer) => answer.writeHead(401).end(problem));
  const { stderr } = await nightshift(['jobs', '--url', url]);
  expect(stderr).toMatch(/^✗ UNAUTHENTICATED: .*takes it from --api-key or NIGHTSHIFT_API_KEY\.\n$/);
});

test('who is let in, and may not do this, is not', async () => {
  const problem = JSON.stringify({ code: 'FORBIDDEN', detail: 'Switched off.' });
  const url = await urlOf((_, answer) => answer.writeHead(403).end(problem));
  expect((await nightshift(['jobs', '--url', url])).stderr).toBe('✗ FORBIDDEN: Switched off.\n');
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

test('jobs watch says so if there is nothing to watch', async () => {
  const url = await urlOf((_, answer) => answer.end('{"jobs": []}'));
  expect(await nightshift(['jobs', 'watch', '--url', url])).toMatchObject({ code: 0, stdout: 'No job is open.\n' });
});

test('jobs watch follows all by their list, so that no function waits for each', async () => {
  const ids = ['1', '2', '3'].map((digit) => JOB_ID.replace(/0$/, digit));
  const [ended, ...open] = ids as [string, ...string[]];
  const asked: string[] = [];
  const url = await urlOf((incoming, answer) => {
    const { pathname, searchParams } = new URL(`${incoming.url}`, 'http://localhost');
    asked.push(pathname + (searchParams.has('wait') ? ' waits' : ''));
    const id = pathname.split('/')[3];
    if (id) return answer.end(JSON.stringify(jobIn(id === ended ? 'cancelled' : 'succeeded', id)));
    const isFirst = asked.filter((path) => path === '/v1/jobs').length <= 2;
    const wanted = searchParams.get('state') === 'proving' && isFirst ? [ended, ...open] : [];
    answer.end(JSON.stringify({ jobs: wanted.map((id) => jobIn('proving', id)) }));
  });
  const { code, stdout, stderr } = await nightshift(['jobs', 'watch', '--json', '--url', url]);
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject([{ id: ended, state: 'cancelled' }, ...open.map((id) => ({ id }))]);
  expect(stderr).toMatch(new RegExp(`^✗ CANCELLED: .* \\(job ${ended}\\)$`, 'm'));
  for (const id of open) expect(stderr).toMatch(new RegExp(`^✓ midnight/dust/spend ${id} succeeded`, 'm'));
  expect(asked.toSorted()).toEqual([...Array(4).fill('/v1/jobs'), ...ids.map((id) => `/v1/jobs/${id}`)]);
});

test('what comes to stdout and is no proof does not go with --json', async () => {
  const { code, stdout } = await nightshift(['prove', '-', '--json'], {}, 'midnight:(transaction');
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'WRONG_USE' } });
});

test.each(['prove', 'transaction', 'check'] as const)(
  'jobs proof of a failed job (%s) is an error with --json',
  async (operation) => {
    const error = { code: 'OUT_OF_MEMORY', message: 'It needs a larger lane.' };
    const url = await urlOf((_, answer) => answer.end(JSON.stringify({ ...jobIn('failed'), operation, error })));
    const out = operation === 'prove' ? '-' : `${await folderOf({})}/result`;
    const { code, stdout, stderr } = await nightshift(['jobs', 'proof', JOB_ID, '--json', '--out', out, '--url', url]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ error: { ...error, jobId: JOB_ID } });
    expect(stderr).toMatch(/^✗ OUT_OF_MEMORY: /m);
  },
);

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
