import '../integration/scratch.ts';
import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Artifact, CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { asideFile, pathOf } from '../../core/artifacts/local-files.ts';
import { sha256OfFile } from '../../core/artifacts/sha256.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { objectOf } from '../../core/store/objects.ts';
import { admitProof, outcomeOf, proveToTheEnd, SMALL, storeKeys } from '../stack/proof-jobs.ts';
import { s3Gets } from '../stack/s3-gets.ts';
import { duration, figure } from './figure.ts';

let keys: CircuitArtifacts;

/** All that the circuit takes is on disk. */
beforeAll(async () => {
  keys = await storeKeys(SMALL);
  await prove();
});
/** And nothing in memory. */
beforeEach(() => nativeProver().stop());
afterAll(() => nativeProver().stop());

/** Has a job proved that must come good. @returns what was fetched for it, beside its witness, and how long it took. */
async function prove() {
  const job = await admitProof(SMALL);
  const start = performance.now();
  const gets = await s3Gets(() => proveToTheEnd(job));
  const took = duration(performance.now() - start);
  expect(await outcomeOf(job)).toMatchObject({ state: 'succeeded', attempts: 1 });
  return { fetched: gets.filter((object) => object !== objectOf.witness(job.id)), took };
}

/** Damages the file, has a job proved, and finds it whole, after one download. */
async function proveWith(artifact: Artifact, damage: (content: Buffer) => Buffer) {
  const file = pathOf(artifact);
  await writeFile(file, damage(await readFile(file)));
  const { fetched, took } = await prove();
  expect(fetched).toEqual([artifact.object]);
  expect(await sha256OfFile(file)).toBe(artifact.sha256);
  return { downloads: fetched.length, took };
}

test.each(['prover', 'verifier', 'zkir'] as const)(
  '16: a bit of the cached %s has flipped: it is thrown away, fetched once, and the proof is good',
  async (role) => {
    const flipped = (content: Buffer) => {
      const middle = content.length >> 1;
      content[middle] = (content[middle] as number) ^ 1;
      return content;
    };
    figure(16, { file: role, ...(await proveWith(keys[role], flipped)) });
  },
);

test('17: a cached key was torn off: it is thrown away, fetched once, and the proof is good', async () => {
  const torn = (content: Buffer) => content.subarray(0, content.length >> 1);
  figure(17, { file: 'torn', ...(await proveWith(keys.prover, torn)) });
});

test('17: a kill left half a key beside its place: nobody takes it for the key', async () => {
  const whole = await readFile(pathOf(keys.prover));
  const aside = await asideFile(keys.prover);
  await writeFile(aside, whole.subarray(0, whole.length >> 1));
  const { fetched } = await prove();
  expect(fetched).toEqual([]);
  expect(await sha256OfFile(pathOf(keys.prover))).toBe(keys.prover.sha256);
});
