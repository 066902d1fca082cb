/**
 * Keys and parameters on this machine's disk, fetched from S3 when they are missing.
 *
 * Files are named by their SHA-256, appear whole (written aside, then renamed) and give way to newer ones when the
 * directory outgrows its bound.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { proverConfig } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { ARTIFACT_CACHE_BYTES } from '../limits.ts';
import { downloadObject } from '../store/objects.ts';
import type { Artifact } from './artifact.ts';

const directory = (): string => proverConfig().ARTIFACT_DIR;
export const pathOf = ({ sha256 }: Artifact): string => join(directory(), sha256);

/**
 * Makes sure the artifact's file is there.
 *
 * @returns its path.
 * @throws NightshiftError PARAMS_UNAVAILABLE if S3 does not have it; INTERNAL if what S3 has is not what its hash says.
 */
export async function ensureFile(artifact: Artifact): Promise<string> {
  const path = pathOf(artifact);
  const now = new Date();
  try {
    await utimes(path, now, now);
    return path;
  } catch {
    // Not here yet.
  }
  if (!((await fetchOnce(artifact)) || (await fetchOnce(artifact)))) {
    throw new NightshiftError('INTERNAL', `Stored object ${artifact.object} does not match its SHA-256.`);
  }
  await makeRoom(path);
  return path;
}

/** A new path beside the artifact's own, for a file that is not whole yet. */
export async function asideFile(artifact: Artifact): Promise<string> {
  await mkdir(directory(), { recursive: true });
  return `${pathOf(artifact)}.${randomUUID()}`;
}

export const discardFile = (artifact: Artifact): Promise<void> => rm(pathOf(artifact), { force: true });

/** SHA-256 of a file, as hex. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** @returns false if what came is not what the hash says. */
async function fetchOnce(artifact: Artifact): Promise<boolean> {
  const { sha256, object } = artifact;
  const aside = await asideFile(artifact);
  try {
    if (!(await downloadObject(object, aside))) {
      throw new NightshiftError('PARAMS_UNAVAILABLE', `${object} is not in the store of this deployment.`);
    }
    if ((await hashFile(aside)) !== sha256) return false;
    await rename(aside, pathOf(artifact));
    return true;
  } finally {
    await rm(aside, { force: true });
  }
}

/** Removes the files used longest ago, never `keep`, until the rest fits. */
async function makeRoom(keep: string): Promise<void> {
  const names = await readdir(directory());
  const files = (
    await Promise.all(
      names.map(async (name) => {
        const path = join(directory(), name);
        const stats = await stat(path).catch(() => undefined);
        return stats && { path, bytes: stats.size, usedAt: stats.mtimeMs };
      }),
    )
  ).filter((file) => file !== undefined);
  let excess = files.reduce((sum, { bytes }) => sum + bytes, 0) - ARTIFACT_CACHE_BYTES;
  for (const { path, bytes } of files.filter(({ path }) => path !== keep).sort((a, b) => a.usedAt - b.usedAt)) {
    if (excess <= 0) return;
    await rm(path, { force: true });
    excess -= bytes;
  }
}
