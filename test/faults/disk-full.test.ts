import '../integration/scratch.ts';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { sha256Of } from '../../core/artifacts/sha256.ts';
import { MAX_ATTEMPTS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { admitProof, outcomeOf, proveToTheEnd, SMALL, storeKeys } from '../stack/proof-jobs.ts';
import { duration, figure } from './figure.ts';

const KB = 1024;
const run = promisify(execFile);
const disk = await mkdtemp(join(tmpdir(), 'nightshift-disk-'));

/** A file system of so many bytes in place of /tmp. @returns why there is none. */
const mountDisk = (bytes: number): Promise<string | undefined> =>
  run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', disk]).then(
    () => undefined,
    (error: Error) => error.message,
  );
const unmountDisk = () => run('umount', [disk]);

/** Only root may mount. */
const refused = await mountDisk(KB * KB);
if (refused) figure(17, { 'disk full': `not tried: ${refused}` });
else await unmountDisk();

beforeAll(async () => {
  await storeKeys(SMALL);
});
beforeEach(async () => {
  await nativeProver().stop();
  vi.stubEnv('ARTIFACT_DIR', disk);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await nativeProver().stop();
  await rmdir(disk);
});

/** Runs `use` with a disk of so many bytes. */
async function withDisk<T>(bytes: number, use: () => Promise<T>): Promise<T> {
  await mountDisk(bytes);
  try {
    return await use();
  } finally {
    await unmountDisk();
  }
}

/** Writes a file of random bytes under their hash, as a key of an earlier job. */
async function writeKey(bytes: number): Promise<string> {
  const content = randomBytes(bytes);
  const name = sha256Of(content);
  await writeFile(join(disk, name), content);
  return name;
}

test.skipIf(refused)('17: the disk is full of keys of other jobs: they give way, and the job is proved', async () => {
  await withDisk(256 * KB, async () => {
    const old = [await writeKey(120 * KB), await writeKey(120 * KB)];
    const job = await admitProof(SMALL);
    const start = performance.now();
    await proveToTheEnd(job);
    expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 1 });
    const left = await readdir(disk);
    expect(old.filter((name) => left.includes(name))).toEqual([]);
    figure(17, { 'disk full': 'of old keys', attempts: 1, took: duration(performance.now() - start) });
  });
});

test.skipIf(refused)('17: the disk has no room for the keys: the job says so, and the next one is proved', async () => {
  await withDisk(16 * KB, async () => {
    const job = await admitProof(SMALL);
    await proveToTheEnd(job);
    expect(await outcomeOf(job)).toMatchObject({
      state: 'failed',
      attempts: MAX_ATTEMPTS,
      error: { code: 'INTERNAL', message: expect.stringContaining('has no room for') },
      witness: undefined,
    });
    figure(17, { 'disk full': 'of nothing that can go', attempts: MAX_ATTEMPTS });
  });
  vi.unstubAllEnvs();
  const next = await admitProof(SMALL);
  await proveToTheEnd(next);
  expect(await outcomeOf(next)).toMatchObject({ state: 'succeeded', attempts: 1 });
});
