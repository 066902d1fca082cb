/** Public parameters that this machine has already, put where prefetch would otherwise put what it downloads. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { sha256OfFile } from '../core/artifacts/sha256.ts';
import { paramsFor } from '../core/circuits/params.ts';
import { LARGEST_K } from '../core/lanes.ts';
import { objectExists } from './assets.ts';
import { LocalError } from './error.ts';

/**
 * Uploads each `bls_midnight_2pK` of a folder that the bucket lacks, for every k that a lane takes.
 *
 * @param directory need not exist.
 * @returns how many it uploaded.
 * @throws LocalError PARAMS_CORRUPT if a file does not have the SHA-256 that Midnight pins.
 */
export async function uploadParams(s3: S3Client, bucket: string, directory: string): Promise<number> {
  let uploaded = 0;
  for (let k = 0; k <= LARGEST_K; k++) {
    const { sha256, object } = paramsFor(k);
    const path = join(directory, basename(object));
    const file = await stat(path).catch(() => undefined);
    const target = { Bucket: bucket, Key: object };
    if (!file || (await objectExists(s3, target))) continue;
    if ((await sha256OfFile(path)) !== sha256) {
      const what = `${path} is not what Midnight publishes: its SHA-256 must be ${sha256}`;
      throw new LocalError('PARAMS_CORRUPT', `${what}. Remove the file, or name another folder in MIDNIGHT_PP.`);
    }
    await s3.send(new PutObjectCommand({ ...target, Body: createReadStream(path), ContentLength: file.size }));
    uploaded++;
  }
  return uploaded;
}
