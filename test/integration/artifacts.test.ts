import './scratch.ts';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Artifact } from '../../core/artifacts/artifact.ts';
import { withArtifacts } from '../../core/artifacts/at-hand.ts';
import { ensureFile, pathOf } from '../../core/artifacts/local-files.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { proverConfig } from '../../core/config.ts';
import { NativeProver } from '../../core/prover/native-prover.ts';
import { lastModified, putObject } from '../../core/store/objects.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function stored(bytes: Uint8Array): Promise<Artifact> {
  const artifact = { sha256: sha256(bytes), object: `params/${sha256(bytes)}` };
  await putObject(artifact.object, bytes);
  return artifact;
}

describe('files', () => {
  test('come from S3 once and are then at hand', async () => {
    const bytes = randomBytes(1000);
    const artifact = await stored(bytes);
    const path = await ensureFile(artifact);
    expect(await readFile(path)).toEqual(bytes);
    await putObject(artifact.object, randomBytes(10));
    expect(await readFile(await ensureFile(artifact))).toEqual(bytes);
  });

  test('ten at once for one cold file leave one file and nothing beside it', async () => {
    const artifact = await stored(randomBytes(100_000));
    await Promise.all(Array.from({ length: 10 }, () => ensureFile(artifact)));
    const files = (await readdir(proverConfig().ARTIFACT_DIR)).filter((name) => name.startsWith(artifact.sha256));
    expect(files).toEqual([artifact.sha256]);
  });

  test('that S3 does not have are unavailable', async () => {
    await expect(ensureFile({ sha256: '0'.repeat(64), object: 'params/none' })).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
    });
  });

  test('that S3 has wrong are refused and not kept', async () => {
    const artifact = { ...(await stored(randomBytes(10))), sha256: '1'.repeat(64) };
    await expect(ensureFile(artifact)).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(await readdir(proverConfig().ARTIFACT_DIR)).not.toContain(artifact.sha256);
  });
});

describe('with the native prover', () => {
  const prover = new NativeProver(PROVER_EXECUTABLE);
  afterAll(() => prover.stop());

  test('a file that went bad on disk is thrown away and fetched again', async () => {
    const zkir = await stored(await readFile('layers/prover/assets/midnight/zswap/sign.bzkir'));
    await ensureFile(zkir);
    await writeFile(pathOf(zkir), 'junk');
    const { answer } = await withArtifacts(prover, { zkir }, async ({ zkir: ir }) =>
      prover.ask('keygen', { ir, params: ir, proverPath: '/dev/null', verifierPath: '/dev/null' }).catch((error) => {
        if (error.name === 'CorruptArtifactError') throw error;
        // The ZKIR was read; as parameters it makes no sense.
        return error.code as string;
      }),
    );
    expect(answer).toBe('INVALID_REQUEST');
    expect(sha256(await readFile(pathOf(zkir)))).toBe(zkir.sha256);
  });
});

test('inlined keys are stored once', async () => {
  const bytes = randomBytes(100);
  const first = await storeInlined(bytes);
  const writtenAt = await lastModified(first.object);
  expect(await storeInlined(bytes)).toEqual(first);
  expect(await lastModified(first.object)).toEqual(writtenAt);
});
