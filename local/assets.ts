/** Brings a stack's assets into the emulated S3, as `cdk deploy` would. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { HeadObjectCommand, NotFound, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type Zippable, zipSync } from 'fflate';
import { ACCOUNT, REGION } from './aws.ts';
import type { Assembly, FileAsset } from './synth.ts';

const UNIX = 3;

const PSEUDO_PARAMETERS: Record<string, string> = { 'AWS::AccountId': ACCOUNT, 'AWS::Region': REGION };
/** The earliest time a zip can hold: the same files always give the same bytes. */
const ZIP_EPOCH = '1980-01-01T00:00:00';

/** Uploads what is not there yet; an asset's key is the hash of its content. */
export async function uploadAssets(s3: S3Client, { directory, assets }: Assembly): Promise<void> {
  await Promise.all(
    assets.flatMap(({ source, destinations }) =>
      Object.values(destinations).map(async ({ bucketName, objectKey }) => {
        const target = { Bucket: forAccount(bucketName), Key: forAccount(objectKey) };
        if (await objectExists(s3, target)) return;
        await s3.send(
          new PutObjectCommand({ ...target, Body: await pack(join(directory, source.path), source.packaging) }),
        );
      }),
    ),
  );
}

function forAccount(name: string): string {
  return name.replace(/\$\{(AWS::\w+)\}/g, (placeholder, parameter) => PSEUDO_PARAMETERS[parameter] ?? placeholder);
}

export async function objectExists(s3: S3Client, target: { Bucket: string; Key: string }): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand(target));
    return true;
  } catch (error) {
    if (error instanceof NotFound) return false;
    throw error;
  }
}

async function pack(path: string, packaging: FileAsset['source']['packaging']): Promise<Uint8Array> {
  return packaging === 'zip' && (await stat(path)).isDirectory() ? zipDirectory(path) : readFile(path);
}

/** Zips a directory's files with their permissions. */
export async function zipDirectory(directory: string): Promise<Uint8Array> {
  const content: Zippable = {};
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    const { mode } = await stat(file);
    const name = relative(directory, file).replaceAll(sep, '/');
    content[name] = [await readFile(file), { os: UNIX, attrs: (mode << 16) >>> 0, mtime: ZIP_EPOCH }];
  }
  return zipSync(content);
}
