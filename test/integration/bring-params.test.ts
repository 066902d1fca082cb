import './scratch.ts';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ParameterSet } from '../../core/circuits/parameter-set.ts';
import { paramsFor } from '../../core/circuits/params.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { deleteObject, getObject, lastModified, uploadFile } from '../../core/store/objects.ts';
import { bringParams } from '../../functions/prefetch/bring-params.ts';
import { type Behaviour, type ParameterSource, serve, startParameterSource } from '../stack/parameter-source.ts';

/** Midnight's parameters above k=14 can't be had here: development parameters take their place. */
vi.mock('../../core/circuits/pins.ts', async (original) => {
  const pins = await original<typeof import('../../core/circuits/pins.ts')>();
  const pinnedParams = (k: number) =>
    [15, 16, 17].includes(k) ? pins.pinnedDevelopmentParams(k) : pins.pinnedParams(k);
  return { ...pins, pinnedParams };
});

const ABSENT: Behaviour = (_, response) => response.writeHead(404).end();

let folder: string;
let source: ParameterSource;
let behaviour: Behaviour;

const fileOf = (k: number) => join(folder, `${k}`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-params-'));
  for (const k of [15, 16]) await nativeProver().ask('params', { k, path: fileOf(k), development: true });
});
afterAll(async () => {
  await nativeProver().stop();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  behaviour = ABSENT;
  source = await startParameterSource((request, response, nth) => behaviour(request, response, nth));
});
afterEach(async () => {
  await source.close();
  for (const k of [15, 16, 17]) await deleteObject(paramsFor(k).object);
});

/** The parameters in S3 are the right ones. */
async function expectStored(k: number, set?: ParameterSet): Promise<void> {
  const { object, sha256 } = paramsFor(k, set);
  const bytes = (await getObject(object)) ?? Buffer.of();
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
}

describe('Midnight’s parameters', () => {
  test('up to k=14 are derived from those that the prover carries, once', async () => {
    expect(await bringParams(7)).toBe('made');
    expect(await bringParams(7)).toBe('present');
    await expectStored(7);
    expect(source.requests).toHaveLength(0);
  });

  test('that are larger are downloaded, even if they could be derived', async () => {
    const file = await readFile(fileOf(15));
    behaviour = (request, response) => serve(request, response, { file });
    await uploadFile(paramsFor(16).object, fileOf(16));
    const asked = vi.spyOn(nativeProver(), 'ask');
    expect(await bringParams(15)).toBe('made');
    expect(asked).not.toHaveBeenCalled();
    await expectStored(15);
  });

  test('that the source has not are derived from the smallest larger ones in S3', async () => {
    await uploadFile(paramsFor(16).object, fileOf(16));
    // Were they used, deriving would fail.
    await uploadFile(paramsFor(17).object, fileOf(15));
    expect(await bringParams(15)).toBe('made');
    expect(source.requests).toHaveLength(1);
    await expectStored(15);
  });

  test('that neither source nor S3 has are unavailable, with what is wrong and what to do', async () => {
    await expect(bringParams(15)).rejects.toMatchObject({
      code: 'PARAMS_UNAVAILABLE',
      message: expect.stringMatching(/k=15 .* it answered 404\. .*MIDNIGHT_PARAM_SOURCE/),
    });
    expect(await lastModified(paramsFor(15).object)).toBeUndefined();
  });
});

test('development parameters are made, apart from Midnight’s', async () => {
  expect(await bringParams(6, 'development')).toBe('made');
  await expectStored(6, 'development');
  expect(paramsFor(6, 'development')).toMatchObject({ object: 'params/development/bls_development_2p6' });
  expect(paramsFor(6, 'development').sha256).not.toBe(paramsFor(6).sha256);
  expect(source.requests).toHaveLength(0);
});
