import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { expect, inject, test } from 'vitest';
import { STATE_ROOT } from '../../local/paths.ts';
import { endOf, submitJob } from '../stack/api.ts';

/** A run of the preimage's field elements, long enough to be no accident, in the forms a log could hold. */
function tracesOf(preimage: Buffer): string[] {
  const run = preimage.subarray(60, 84);
  return [run.toString('hex'), run.toString('base64'), run.join(','), run.join(', ')];
}

async function witnessesInStore(): Promise<unknown[]> {
  const s3 = new S3Client({
    endpoint: inject('awsEndpoint'),
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  const { Contents } = await s3.send(
    new ListObjectsV2Command({ Bucket: inject('outputs').BucketName, Prefix: 'witness/' }),
  );
  return Contents ?? [];
}

test('an ended job leaves no witness: not in the bucket, not in an error, not in what was logged', async () => {
  const preimage = await readFile('test/data/preimages/dust-spend.preimage.bin');
  const proved = await endOf(await submitJob('midnight/dust/spend', preimage));
  expect(proved.state).toBe('succeeded');
  // The witness of one circuit given to another.
  const { error } = await endOf(await submitJob('midnight/zswap/output', preimage));
  expect(error?.code).toBe('INVALID_WITNESS');
  expect(error?.message).not.toMatch(/\d{12}|[0-9a-f]{16}/);

  expect(await witnessesInStore()).toEqual([]);
  const log = await readFile(join(STATE_ROOT, 'test', 'emulator.log'), 'utf8');
  expect(log).toContain(proved.id);
  for (const trace of tracesOf(preimage)) expect(log).not.toContain(trace);
});
