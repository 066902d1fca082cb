import './scratch.ts';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { PassThrough } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Artifact } from '../../core/artifacts/artifact.ts';
import { withArtifacts } from '../../core/artifacts/at-hand.ts';
import { CorruptObjectError } from '../../core/artifacts/damage.ts';
import { asideFile, discardFile, ensureFile, holding, pathOf } from '../../core/artifacts/local-files.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { proverConfig } from '../../core/config.ts';
import { NativeProver } from '../../core/prover/native-prover.ts';
import { lastModified, putObject } from '../../core/store/objects.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';
import { s3Gets } from '../stack/s3-gets.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function stored(bytes: Uint8Array): Promise<Artifact> {
  const artifact = { sha256: sha256(bytes), object: `params/${sha256(bytes)}` };
  await putObject(artifact.object, bytes);
  return artifact;
}

/** The next object asked for comes as slowly as the test likes. */
function slowObject(): PassThrough {
  const body = new PassThrough();
  vi.spyOn(S3Client.prototype, 'send').mockImplementationOnce(async () => ({ Body: body, ContentLength: 10 }));
  return body;
}

const filesHere = () => readdir(proverConfig().ARTIFACT_DIR);
/** Its file is being written. */
const underWay = ({ sha256 }: Artifact) =>
  vi.waitFor(async () => expect((await filesHere()).join()).toContain(`${sha256}.`));

afterEach(() => vi.restoreAllMocks());

describe('files', () => {
  test('come from S3 once and are then at hand', async () => {
    const bytes = randomBytes(1000);
    const artifact = await stored(bytes);
    const path = await ensureFile(artifact);
    expect(await readFile(path)).toEqual(bytes);
    expect(await s3Gets(() => ensureFile(artifact))).toEqual([]);
  });

  test('ten jobs at once for one cold file fetch it once, and leave nothing beside it', async () => {
    const artifact = await stored(randomBytes(100_000));
    const jobs = () => Promise.all(Array.from({ length: 10 }, () => ensureFile(artifact)));
    expect(await s3Gets(jobs)).toEqual([artifact.object]);
    expect((await filesHere()).filter((name) => name.startsWith(artifact.sha256))).toEqual([artifact.sha256]);
  });

  test('that could not be fetched are fetched by the next who asks', async () => {
    const artifact = await stored(randomBytes(10));
    const body = slowObject();
    const fetched = ensureFile(artifact);
    await underWay(artifact);
    body.destroy(new Error('the connection broke'));
    await expect(fetched).rejects.toThrow('the connection broke');
    expect(await readFile(await ensureFile(artifact))).toHaveLength(10);
  });

  test('that S3 does not have are unavailable', async () => {
    await expect(ensureFile({ sha256: '0'.repeat(64), object: 'params/none' })).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
    });
  });
});

describe('a job whose time is up', () => {
  const artifact = { sha256: '2'.repeat(64), object: 'params/slow' };
  const timeout = { code: 'TIMEOUT' };

  test('stops its download, and leaves nothing of it', async () => {
    const body = slowObject();
    const time = new AbortController();
    const fetched = ensureFile(artifact, time.signal);
    await underWay(artifact);
    time.abort();
    await expect(fetched).rejects.toMatchObject(timeout);
    await vi.waitFor(() => expect(body.destroyed).toBe(true));
    await vi.waitFor(async () => expect((await filesHere()).join()).not.toContain(artifact.sha256));
  });

  test('does not stop it for another that waits for the same', async () => {
    const body = slowObject();
    const [short, long] = [new AbortController(), new AbortController()];
    const [first, second] = [ensureFile(artifact, short.signal), ensureFile(artifact, long.signal)];
    short.abort();
    await expect(first).rejects.toMatchObject(timeout);
    body.end('whole');
    expect(await readFile(await second, 'utf8')).toBe('whole');
    await discardFile(artifact);
  });

  test('does not begin', async () => {
    const download = () =>
      ensureFile(artifact, AbortSignal.abort()).catch((error) => expect(error).toMatchObject(timeout));
    expect(await s3Gets(download)).toEqual([]);
  });
});

describe('of files that are more than the bound', () => {
  const KB = 1024;
  const some = (count: number) => Promise.all(Array.from({ length: count }, () => stored(randomBytes(KB))));
  const there = async (artifacts: Artifact[]) => {
    const names = await filesHere();
    return artifacts.map(({ sha256 }) => names.includes(sha256));
  };

  beforeEach(async () => {
    await rm(proverConfig().ARTIFACT_DIR, { recursive: true });
    vi.stubEnv('ARTIFACT_CACHE_BYTES', `${3 * KB}`);
  });
  afterEach(() => vi.unstubAllEnvs());

  test('those give way that were used longest ago', async () => {
    const artifacts = await some(4);
    const [first, second, third, fourth] = artifacts as [Artifact, Artifact, Artifact, Artifact];
    for (const artifact of [first, second, third, first, fourth]) await ensureFile(artifact);
    expect(await there(artifacts)).toEqual([true, false, true, true]);
  });

  test('none that a running job holds does', async () => {
    const artifacts = await some(3);
    const [idle, another] = (await some(2)) as [Artifact, Artifact];
    await ensureFile(idle);
    await holding(artifacts, async () => {
      for (const artifact of artifacts) await ensureFile(artifact);
      await ensureFile(another);
      expect(await there([idle, ...artifacts, another])).toEqual([false, true, true, true, true]);
    });
    await ensureFile(idle);
    expect((await there(artifacts)).filter(Boolean)).toHaveLength(1);
  });

  test('what a dead process left half written goes, what is being written stays', async () => {
    const [first, second] = (await some(2)) as [Artifact, Artifact];
    const [left, written] = [await asideFile(first), await asideFile(first)];
    for (const path of [left, written]) await writeFile(path, randomBytes(2 * KB));
    const anHourAgo = new Date(Date.now() - 3600 * 1000);
    await utimes(left, anHourAgo, anHourAgo);
    await ensureFile(second);
    expect((await filesHere()).sort()).toEqual([basename(written), second.sha256].sort());
  });
});

describe('with the native prover', () => {
  const prover = new NativeProver(PROVER_EXECUTABLE);
  afterAll(() => prover.stop());

  /** The ZKIR is read; as parameters it makes no sense. */
  const readZkir = (zkir: Artifact) =>
    withArtifacts(prover, { zkir }, async ({ zkir: ir }) => {
      const aside = await asideFile(zkir);
      return prover.ask('keygen', { ir, params: ir, proverPath: aside, verifierPath: aside }).catch((error) => {
        if (error.name === 'CorruptArtifactError') throw error;
        return error.code as string;
      });
    });
  const builtIn = async (name: string) => stored(await readFile(`layers/prover/assets/midnight/${name}.bzkir`));

  test('a file that went bad on disk is thrown away and fetched again', async () => {
    const zkir = await builtIn('zswap/sign');
    await ensureFile(zkir);
    await writeFile(pathOf(zkir), 'junk');
    expect((await readZkir(zkir)).answer).toBe('INVALID_REQUEST');
    expect(sha256(await readFile(pathOf(zkir)))).toBe(zkir.sha256);
  });

  test('a stored object that is not what its hash says is named, and not kept', async () => {
    const zkir = await builtIn('dust/spend');
    await putObject(zkir.object, randomBytes(1000));
    const error = await readZkir(zkir).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CorruptObjectError);
    expect(error).toMatchObject({ code: 'INTERNAL', artifact: zkir, message: expect.stringContaining(zkir.object) });
    expect(await filesHere()).not.toContain(zkir.sha256);
  });
});

test('inlined keys are stored once', async () => {
  const bytes = randomBytes(100);
  const first = await storeInlined(bytes);
  const writtenAt = await lastModified(first.object);
  expect(await storeInlined(bytes)).toEqual(first);
  expect(await lastModified(first.object)).toEqual(writtenAt);
});
