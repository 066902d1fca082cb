import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SQSBatchResponse } from 'aws-lambda';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emulator, installEmulator, startEmulator } from '../../local/emulator.ts';
import { createScratch, scratchEnvironment } from '../stack/scratch-aws.ts';
import { buildah, withContainer } from './buildah.ts';
import { emulateLambda } from './lambda-emulator.ts';
import { describeWith } from './needs.ts';
import { buildProveImage, type ProveImage } from './prove-image.ts';

/** Above AWS's base and Node; no keys. */
const MOST_ADDED_MB = 30;

describeWith(['buildah', 'debootstrap'], 'prove’s container image', () => {
  const { signal } = new AbortController();
  let stateDir: string;
  let aws: Emulator;
  let built: ProveImage;

  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'nightshift-packaging-'));
    built = await buildProveImage();
    aws = await startEmulator(await installEmulator(() => {}, signal), stateDir, signal);
    await createScratch(aws.endpoint);
  });

  afterAll(async () => {
    await aws?.stop();
    await rm(stateDir, { recursive: true });
  });

  test('takes the message of a job as Lambda hands it over, and proves', async () => {
    const { admitProof, outcomeOf, SMALL } = await import('../stack/proof-jobs.ts');
    const { deliver } = await import('../stack/deliver.ts');
    const job = await admitProof(SMALL);
    await using lambda = await emulateLambda({
      ...built,
      environment: { ...built.environment, ...scratchEnvironment() },
    });

    const { became } = await deliver(job.lane, async (event) => (await lambda.invoke(event)) as SQSBatchResponse);

    expect(became).toBe('deleted');
    expect(await outcomeOf(job)).toMatchObject({
      state: 'succeeded',
      result: expect.any(Uint8Array),
      witness: undefined,
    });
  });

  test('is no larger than it has to be', async () => {
    const added = (await sizeOf(built.image)) - (await sizeOf(built.base));
    console.log(`The image adds ${added.toFixed(1)} MB to its base.`);
    expect(added).toBeLessThan(MOST_ADDED_MB);
  });
});

/** Of everything in it, in MB. */
const sizeOf = (image: string): Promise<number> =>
  withContainer(image, async (container) => {
    const root = await buildah('mount', container);
    const { stdout } = await promisify(execFile)('du', ['--summarize', '--bytes', root]);
    return Number.parseInt(stdout, 10) / 1e6;
  });
