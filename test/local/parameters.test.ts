import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Aws, awsAt, closeAws } from '../../local/aws.ts';
import { type Emulator, installEmulator, startEmulator } from '../../local/emulator.ts';
import { uploadParams } from '../../local/parameters.ts';

const GENUINE = 'layers/prover/assets/bls_midnight_2p14';

let stateDir: string;
let emulator: Emulator;
let aws: Aws;
let directory: string;
let bucket: string;
let buckets = 0;

beforeAll(async () => {
  const { signal } = new AbortController();
  stateDir = await mkdtemp(join(tmpdir(), 'nightshift-emulator-'));
  emulator = await startEmulator(await installEmulator(() => {}, signal), stateDir, signal);
  aws = awsAt(emulator.endpoint);
});

afterAll(async () => {
  closeAws(aws);
  await emulator.stop();
  await rm(stateDir, { recursive: true, maxRetries: 5 });
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nightshift-params-'));
  bucket = `params-${buckets++}`;
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterEach(() => rm(directory, { recursive: true }));

async function stored(): Promise<string[]> {
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

test('what the folder has goes to where functions look for it, once', async () => {
  await copyFile(GENUINE, join(directory, 'bls_midnight_2p14'));
  await writeFile(join(directory, 'notes.txt'), 'not a parameter file');
  expect(await uploadParams(aws.s3, bucket, directory)).toBe(1);
  expect(await stored()).toEqual(['params/bls_midnight_2p14']);
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key: 'params/bls_midnight_2p14' }));
  expect((await readFile(GENUINE)).equals((await Body?.transformToByteArray()) ?? Buffer.of())).toBe(true);

  expect(await uploadParams(aws.s3, bucket, directory)).toBe(0);
});

test('a file with another hash is refused, by its path and with the hash it must have', async () => {
  await copyFile(GENUINE, join(directory, 'bls_midnight_2p15'));
  await expect(uploadParams(aws.s3, bucket, directory)).rejects.toMatchObject({
    code: 'PARAMS_CORRUPT',
    message: expect.stringMatching(/bls_midnight_2p15 .*724c7c3d.*MIDNIGHT_PP/),
  });
  expect(await stored()).toEqual([]);
});

test('a folder that is not there has nothing', async () => {
  expect(await uploadParams(aws.s3, bucket, join(directory, 'none'))).toBe(0);
});
