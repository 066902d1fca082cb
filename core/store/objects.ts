/** The one S3 bucket, behind the names of what lies in it. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Digest } from '../artifacts/artifact.ts';
import { bucketName } from '../config.ts';
import { PRESIGNED_URL_SECONDS } from '../limits.ts';
import { CLIENT } from './aws-client.ts';

/** What S3 holds an upload's content against. */
const CHECKSUM_HEADER = 'x-amz-checksum-sha256';

/** How S3 refuses a conditional write: the object is there, or is being written. */
const WRITTEN_BY_ANOTHER = new Set(['PreconditionFailed', 'ConditionalRequestConflict']);

const s3 = new S3Client({ ...CLIENT, forcePathStyle: true });

export const KEYS_PREFIX = 'keys/';
export const UPLOADS_PREFIX = 'uploads/';
export const INLINED_KEYS_PREFIX = `${KEYS_PREFIX}inlined/`;
export const WITNESS_PREFIX = 'witness/';
export const RESULTS_PREFIX = 'results/';
/** What synchronous requests came to. */
export const ANSWERS_PREFIX = `${RESULTS_PREFIX}answers/`;
export const SECRETS_PREFIX = 'secrets/';
export const PARAMS_PREFIX = 'params/';

export const objectOf = {
  witness: (jobId: string) => `${WITNESS_PREFIX}${jobId}`,
  params: (k: number) => `${PARAMS_PREFIX}bls_midnight_2p${k}`,
  developmentParams: (k: number) => `${PARAMS_PREFIX}development/bls_development_2p${k}`,
  key: (keysId: string, role: 'prover' | 'verifier' | 'zkir') => `${KEYS_PREFIX}${keysId}/${role}`,
  upload: (sha256: string) => `${UPLOADS_PREFIX}${sha256}`,
  inlined: (sha256: string) => `${INLINED_KEYS_PREFIX}${sha256}`,
  result: (jobId: string) => `${RESULTS_PREFIX}${jobId}`,
  answer: (jobId: string) => `${ANSWERS_PREFIX}${jobId}`,
  digestKey: `${SECRETS_PREFIX}digest-key`,
};

export async function putObject(key: string, body: Uint8Array): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucketName(), Key: key, Body: body }));
}

/** @returns whether it was written: not if there is such an object. */
export async function putObjectOnce(key: string, body: Uint8Array, bucket = bucketName()): Promise<boolean> {
  try {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, IfNoneMatch: '*' }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && WRITTEN_BY_ANOTHER.has(error.name)) return false;
    throw error;
  }
}

/** Stores a file of any size. */
export const uploadFile = (key: string, path: string): Promise<void> => uploadStream(key, createReadStream(path));

/**
 * Stores what a stream gives, part by part: a few parts of 5 MB are in memory at a time. The object is there once the
 * stream has ended well; if it fails, nothing is, and the error is the stream's.
 */
export async function uploadStream(key: string, stream: Readable): Promise<void> {
  await new Upload({ client: s3, params: { Bucket: bucketName(), Key: key, Body: stream } }).done();
}

/** @returns undefined if there is no such object. */
export async function getObject(key: string, signal?: AbortSignal): Promise<Uint8Array | undefined> {
  return (await open(key, signal))?.Body?.transformToByteArray();
}

/**
 * The object as a stream, with its size.
 *
 * @returns undefined if there is no such object.
 */
export async function openObject(
  key: string,
  signal?: AbortSignal,
): Promise<{ body: Readable; bytes: number } | undefined> {
  const opened = await open(key, signal);
  return opened?.Body && { body: opened.Body as Readable, bytes: opened.ContentLength ?? 0 };
}

/** The keys of what lies there, and was put there before that time. */
export async function* objectsBefore(prefix: string, before: Date): AsyncGenerator<string[]> {
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: bucketName(), Prefix: prefix },
  )) {
    const old = Contents.filter(({ LastModified }) => LastModified && LastModified < before);
    yield old.map(({ Key = '' }) => Key);
  }
}

/** The keys of what lies there: some dozens of objects at most. */
export async function objectsUnder(prefix: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucketName(), Prefix: prefix }));
  return Contents.map(({ Key = '' }) => Key);
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

/** A URL from which anyone who has it can download the object for a while. */
export const downloadUrl = (key: string): Promise<string> =>
  getSignedUrl(s3, new GetObjectCommand({ Bucket: bucketName(), Key: key }), { expiresIn: PRESIGNED_URL_SECONDS });

/** A request that puts a file there, for whoever has it and for a while. S3 refuses any other content. */
export async function uploadUrl(key: string, { sha256, bytes }: Digest) {
  const checksum = Buffer.from(sha256, 'hex').toString('base64');
  const command = new PutObjectCommand({
    Bucket: bucketName(),
    Key: key,
    ContentLength: bytes,
    ChecksumSHA256: checksum,
  });
  const signedHeaders = new Set(['host', 'content-length', CHECKSUM_HEADER]);
  const url = await getSignedUrl(s3, command, {
    expiresIn: PRESIGNED_URL_SECONDS,
    signableHeaders: signedHeaders,
    unhoistableHeaders: signedHeaders,
  });
  const expiresAt = new Date(Date.now() + PRESIGNED_URL_SECONDS * 1000).toISOString();
  return { url, method: 'PUT' as const, headers: { [CHECKSUM_HEADER]: checksum }, expiresAt };
}

/** Deleting what is not there is fine. */
export async function deleteObject(key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucketName(), Key: key }));
}

async function open(key: string, abortSignal?: AbortSignal) {
  try {
    return await s3.send(new GetObjectCommand({ Bucket: bucketName(), Key: key }), { abortSignal });
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
