import './scratch.ts';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { bucketName } from '../../core/config.ts';
import { getObject, uploadFile, uploadStream } from '../../core/store/objects.ts';

const MB = 2 ** 20;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* chunksOf(bytes: Buffer, length = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function* thatFails(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* chunks;
  throw new Error('the source broke off');
}

async function uploadsUnderWay(): Promise<unknown[]> {
  const s3 = new S3Client({ forcePathStyle: true });
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucketName() }));
  return Uploads;
}

describe.each([
  ['less than a part', MB],
  ['several parts', 17 * MB + 1],
])('a stream of %s', (_, length) => {
  test('is there, byte for byte, once it has ended', async () => {
    const bytes = randomBytes(length);
    await uploadStream(`streams/${length}`, Readable.from(chunksOf(bytes)));
    expect(sha256((await getObject(`streams/${length}`)) ?? Buffer.of())).toBe(sha256(bytes));
  });

  test('that fails leaves nothing behind', async () => {
    const stream = Readable.from(thatFails(chunksOf(randomBytes(length))));
    await expect(uploadStream('streams/failed', stream)).rejects.toThrow('the source broke off');
    expect(await getObject('streams/failed')).toBeUndefined();
    expect(await uploadsUnderWay()).toEqual([]);
  });
});

test('a file of several parts is stored byte for byte', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-upload-'));
  const bytes = randomBytes(11 * MB);
  await writeFile(join(folder, 'file'), bytes);
  await uploadFile('files/large', join(folder, 'file'));
  expect(sha256((await getObject('files/large')) ?? Buffer.of())).toBe(sha256(bytes));
  await rm(folder, { recursive: true });
});

test('a file that is not there fails, and is not stored', async () => {
  await expect(uploadFile('files/none', '/nonexistent/file')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await getObject('files/none')).toBeUndefined();
});
