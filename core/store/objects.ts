/** The one S3 bucket, behind the names of what lies in it. */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { bucketName } from '../config.ts';

const s3 = new S3Client({ forcePathStyle: true });

export const INLINED_KEYS_PREFIX = 'keys/inlined/';
export const WITNESS_PREFIX = 'witness/';

export const objectOf = {
  witness: (jobId: string) => `${WITNESS_PREFIX}${jobId}`,
  params: (k: number) => `params/bls_midnight_2p${k}`,
  key: (zkirSha256: string, role: 'prover' | 'verifier' | 'zkir') => `keys/${zkirSha256}/${role}`,
  inlined: (sha256: string) => `${INLINED_KEYS_PREFIX}${sha256}`,
};

export async function putObject(key: string, body: Uint8Array): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucketName(), Key: key, Body: body }));
}

export const putFile = async (key: string, path: string): Promise<void> => putObject(key, await readFile(path));

/** @returns undefined if there is no such object. */
export async function getObject(key: string): Promise<Uint8Array | undefined> {
  const body = await open(key);
  return body && (await body.transformToByteArray());
}

/** @returns false if there is no such object. */
export async function downloadObject(key: string, path: string): Promise<boolean> {
  const body = await open(key);
  if (!body) return false;
  await pipeline(body as Readable, createWriteStream(path));
  return true;
}

/** When the object was last written; undefined if there is none. */
export async function lastModified(key: string): Promise<Date | undefined> {
  try {
    return (await s3.send(new HeadObjectCommand({ Bucket: bucketName(), Key: key }))).LastModified;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

/** Deleting what is not there is fine. */
export async function deleteObject(key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucketName(), Key: key }));
}

async function open(key: string) {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucketName(), Key: key }));
    return Body;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
