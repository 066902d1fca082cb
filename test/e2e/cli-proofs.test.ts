/** Proofs, checks and jobs by `nightshift` against the running stack. */
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCheckPayload, createProvingPayload, parseCheckResult } from '@midnight-ntwrk/ledger-v8';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import { folderOf } from '../cli/compiled.ts';
import { nightshift, type Run } from '../cli/run.ts';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { verifierFile } from '../generator/keys.ts';
import { statementOf, verifies } from '../generator/native-prover.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { built, register } from '../stack/contracts.ts';

const CIRCUIT = 'fallible/count';
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** The contract that `count` is in. */
let contract: string;
beforeAll(async () => {
  const circuits = { count: { zkir: JSON.parse(await readFile(irFile(CIRCUIT), 'utf8')) } };
  contract = (await built(await register({ circuits }))).id;
});

const run = (args: string[], input?: Uint8Array): Promise<Run> =>
  nightshift(args, { NIGHTSHIFT_URL: inject('baseUrl') }, input);
const inContract = () => ['--circuit', 'count', '--contract', contract];

async function aRequest() {
  const request = await generateRequest(CIRCUIT);
  const file = join(await folderOf({ 'count.preimage': request.preimage }), 'count.preimage');
  return { ...request, file };
}

/** A job of its own that has been proved, and its statement. */
async function provenJob(...options: string[]) {
  const { file, preimage, keyLocation } = await aRequest();
  const { stdout } = await run(['prove', file, ...inContract(), '--json', ...options]);
  return { file, job: JSON.parse(stdout), statement: await statementOf({ preimage, keyLocation }, irFile(CIRCUIT)) };
}

describe('prove', () => {
  test('saves the proof of a preimage, shows how it got on, and the proof verifies', async () => {
    const { file, preimage, keyLocation } = await aRequest();
    const { code, stdout, stderr } = await run(['prove', file, ...inContract()]);
    expect([code, stdout], stderr).toEqual([0, `${file}.proof\n`]);
    const lines = stderr.trimEnd().split('\n');
    expect(lines[0]).toBe('✓ Submit');
    expect(lines[1]).toMatch(new RegExp(`^… count ${ID}: queued · lane small · expected: .* to prove, .*\\$0\\.0`));
    expect(lines.at(-1)).toMatch(
      new RegExp(`^✓ count ${ID} succeeded in [\\d.]+ s: queued .* s, keys .* s, proved .* s, verified .* s · \\d+ MB`),
    );
    const statement = await statementOf({ preimage, keyLocation }, irFile(CIRCUIT));
    expect(await verifies(await readFile(`${file}.proof`), await verifierFile(CIRCUIT), statement)).toBe(true);
  });

  test('takes a body of /prove from stdin, and gives the proof to stdout', async () => {
    const { preimage, keyLocation } = await aRequest();
    const body = createProvingPayload(preimage, undefined);
    const { code, bytes, stderr } = await run(['prove', '-', '--contract', contract], body);
    expect(code, stderr).toBe(0);
    const statement = await statementOf({ preimage, keyLocation }, irFile(CIRCUIT));
    expect(await verifies(bytes, await verifierFile(CIRCUIT), statement)).toBe(true);
  });

  test('proves with another binding input', async () => {
    const { file } = await aRequest();
    const { stdout } = await run(['prove', file, ...inContract(), '--binding-input', '7', '--json']);
    expect(JSON.parse(stdout).statement[0]).toBe('7');
  });

  test('proves a transaction', async () => {
    const deploy = await readFile('test/data/transactions/deploy.bin');
    const file = join(await folderOf({ deploy }), 'deploy');
    const { code, stdout, stderr } = await run(['prove', file]);
    expect([code, stdout], stderr).toEqual([0, `${file}.proven\n`]);
    expect((await readFile(`${file}.proven`)).toString('latin1')).toMatch(/^midnight:transaction/);
  });

  test('has a body of /check checked', async () => {
    const body = createCheckPayload(recordedPreimage('fallible-count'), binaryIr(CIRCUIT));
    const file = join(await folderOf({ body }), 'body');
    expect(await run(['prove', file])).toMatchObject({ code: 0, stdout: `${file}.checked\n` });
    expect(parseCheckResult(await readFile(`${file}.checked`))).toEqual(Array(13).fill(undefined));
  });

  test('overwrites nothing unless it is forced to', async () => {
    const { file } = await aRequest();
    await writeFile(`${file}.proof`, 'precious');
    const refused = await run(['prove', file, ...inContract(), '--json']);
    expect(refused.code).toBe(2);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    expect(await readFile(`${file}.proof`, 'utf8')).toBe('precious');
    expect((await run(['prove', file, ...inContract(), '--force'])).code).toBe(0);
    expect(await readFile(`${file}.proof`, 'utf8')).toMatch(/^midnight:proof-versioned:/);
  });

  test('ends with 1 and the reason if the witness does not satisfy its circuit', async () => {
    const preimage = recordedPreimage('NEGATIVE-fallible-count-first-true');
    const file = join(await folderOf({ preimage }), 'preimage');
    const { code, stdout, stderr } = await run(['prove', file, ...inContract(), '--json']);
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: 'INVALID_WITNESS', jobId: expect.stringMatching(ID) });
    expect(stderr).toMatch(new RegExp(`^✗ count ${ID} failed`, 'm'));
    expect(stderr).toMatch(new RegExp(`^✗ INVALID_WITNESS: .* \\(job ${error.jobId}\\)$`, 'm'));
  });

  test('sends deadline, lane and labels along', async () => {
    const { job } = await provenJob('--deadline', '600', '--lane', 'medium', '--label', 'a:1', '--label', 'b:x:y');
    expect(job).toMatchObject({ lane: 'medium', labels: { a: '1', b: 'x:y' }, state: 'succeeded' });
    expect(Date.parse(job.deadlineAt) - Date.parse(job.createdAt)).toBe(600_000);
  });

  test('--no-wait prints the id; jobs watch, show and proof take it from there', async () => {
    const { file } = await aRequest();
    const { code, stdout } = await run(['prove', file, ...inContract(), '--no-wait']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(new RegExp(`^${ID}\n$`))]);
    const id = stdout.trim();
    const watched = await run(['jobs', 'watch', id]);
    expect(watched).toMatchObject({ code: 0, stdout: '' });
    expect(watched.stderr).toMatch(new RegExp(`^✓ count ${id} succeeded in `, 'm'));
    const shown = await run(['jobs', 'show', id]);
    expect(shown.stdout).toMatch(
      new RegExp(`^job +${id}\nstate +succeeded in .*\noperation +prove\ncircuit +count$`, 'm'),
    );
    const out = `${file}.fetched`;
    expect(await run(['jobs', 'proof', id, '--out', out])).toMatchObject({ code: 0, stdout: `${out}\n` });
    expect(await readFile(out, 'utf8')).toMatch(/^midnight:proof-versioned:/);
  });
});

describe('verify', () => {
  test('tells whether a proof holds, with the reason where it does not', async () => {
    const { file, statement } = await provenJob();
    const proof = `${file}.proof`;
    const holds = await run(['verify', proof, ...inContract(), '--statement', statement.join()]);
    expect(holds).toMatchObject({ code: 0, stdout: 'The proof holds.\n' });
    const other = await run(['verify', proof, ...inContract(), '--statement', statement.with(0, '1').join()]);
    expect(other).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^✗ INVALID_PROOF: ./) });
    const short = await run(['verify', proof, ...inContract(), '--statement', '1', '--json']);
    expect(JSON.parse(short.stdout)).toMatchObject({ valid: false, reason: expect.stringMatching(/./) });
  });

  test('takes the statement from a file: decimals, or the job that it is of', async () => {
    const { file, statement, job } = await provenJob();
    const folder = await folderOf({ 'decimals.json': JSON.stringify(statement), 'job.json': JSON.stringify(job) });
    for (const name of ['decimals.json', 'job.json']) {
      const { code, stderr } = await run([
        ...['verify', `${file}.proof`, ...inContract(), '--statement', join(folder, name)],
      ]);
      expect(code, stderr).toBe(0);
    }
  });
});

describe('check', () => {
  test('tells that a preimage satisfies its circuit, and what its proof takes', async () => {
    const { file } = await aRequest();
    const { code, stdout, stderr } = await run(['check', file, ...inContract()]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^It satisfies its circuit\. A proof is expected to take .* to prove, .*\$0\.0/);
  });

  test.each([
    ['preimage', (preimage: Uint8Array) => preimage, inContract],
    ['body of /check', (preimage: Uint8Array) => createCheckPayload(preimage, binaryIr(CIRCUIT)), () => []],
  ])('ends with 1 and the reason for a %s that does not', async (_, contentOf, options) => {
    const content = contentOf(recordedPreimage('NEGATIVE-fallible-count-first-true'));
    const file = join(await folderOf({ content }), 'content');
    const { code, stdout, stderr } = await run(['check', file, ...options(), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ satisfied: false, reason: expect.stringMatching(/./) });
    expect(stderr).toMatch(/^✗ INVALID_WITNESS: ./m);
  });

  test('takes a body of /check that does', async () => {
    const body = createCheckPayload(recordedPreimage('fallible-count'), binaryIr(CIRCUIT));
    expect(await run(['check', '-'], body)).toMatchObject({ code: 0, stdout: 'It satisfies its circuit.\n' });
  });
});

test('estimate tells size, lane, time and price', async () => {
  const { code, stdout } = await run(['estimate', 'midnight/zswap/output']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^k=14, lane \w+: .* to prove, .*\$0\.0.* \(prices as of \d{4}-\d\d-\d\d\)$/m);
});

describe('jobs', () => {
  test('are listed by label and state, newest first, and no more than asked for', async () => {
    const label = `test:${randomUUID()}`;
    const [first, second] = [(await provenJob('--label', label)).job.id, (await provenJob('--label', label)).job.id];
    const listed = async (...options: string[]) => {
      const { stdout } = await run(['jobs', '--label', label, '--json', ...options]);
      return JSON.parse(stdout).map(({ id }: { id: string }) => id);
    };
    expect(await listed()).toEqual([second, first]);
    expect(await listed('--limit', '1')).toEqual([second]);
    expect(await listed('--state', 'failed')).toEqual([]);
    const { stdout } = await run(['jobs', 'list', '--label', label, '--limit', '1']);
    expect(stdout).toMatch(
      new RegExp(
        `^ID +STATE +CIRCUIT +LANE +SUBMITTED +TOOK +ERROR\n${second}  succeeded  count +small +2\\S+Z +[\\d.]+ s\n$`,
      ),
    );
    expect((await run(['jobs', '--label', label, '--state', 'failed'])).stdout).toBe('There are none.\n');
  });

  test('that failed are watched to a failure', async () => {
    const preimage = recordedPreimage('NEGATIVE-fallible-count-first-true');
    const file = join(await folderOf({ preimage }), 'preimage');
    const { stdout } = await run(['prove', file, ...inContract(), '--no-wait']);
    const { code, stderr } = await run(['jobs', 'watch', stdout.trim()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✗ INVALID_WITNESS: /m);
  });

  test('that have ended can not be cancelled, and such that never were can not be shown', async () => {
    const { job } = await provenJob();
    const ended = await run(['jobs', 'cancel', job.id]);
    expect(ended).toMatchObject({ code: 1, stderr: `✗ ALREADY_ENDED: Job ${job.id} has succeeded already.\n` });
    const never = await run(['jobs', 'show', randomUUID()]);
    expect(never).toMatchObject({ code: 1, stderr: expect.stringMatching(/^✗ JOB_NOT_FOUND: /) });
  });
});

test('params fetch has parameters brought, or says why they can not be', async () => {
  expect(await run(['params', 'fetch', '--k', '8'])).toMatchObject({ code: 0, stderr: '✓ Parameters for k=8\n' });
  const { code, stderr } = await run(['params', 'fetch', '--k', '15']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ PARAMS_UNAVAILABLE: .*k=15/m);
});

test('doctor finds that the parameters of one circuit are missing here, and nothing else wrong', async () => {
  const { code, stdout } = await run(['doctor', '--contract', contract]);
  expect(code).toBe(1);
  expect(stdout.match(/^✗ .*/gm)).toEqual([
    expect.stringMatching(/^✗ midnight\/zswap\/spend: PARAMS_UNAVAILABLE: .*k=15/),
  ]);
  expect(stdout).toContain(`✓ body limit: bodies of ${(MAX_BODY_BYTES / 1e6).toFixed(2)} MB arrive\n`);
});
