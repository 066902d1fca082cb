/**
 * Keys and parameters on this machine's disk, fetched from S3 when they are missing.
 *
 * Files are named by their SHA-256 and appear whole: written aside, then renamed. When the directory outgrows its bound
 * (ARTIFACT_CACHE_BYTES), those give way that were used longest ago, but none that a running job holds.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import pLimit from 'p-limit';
import { proverConfig } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { openObject } from '../store/objects.ts';
import type { Artifact } from './artifact.ts';
import { MissingObjectError } from './damage.ts';
import { SharedWork } from './shared-work.ts';

const directory = (): string => proverConfig().ARTIFACT_DIR;
export const pathOf = ({ sha256 }: Artifact): string => join(directory(), sha256);

/** What is being fetched, by path: whoever else wants it waits for the same. */
const fetches = new SharedWork<void>();

/** How many running jobs hold a file, by path. */
const holders = new Map<string, number>();

/** Files that are not whole and this old were left by a process that died: no function runs for longer. */
const ABANDONED_MS = 1000 * 1000;

/** Two that make room at once would each make as much as both need. */
const oneByOne = pLimit(1);

/**
 * Makes sure the artifact's file is there. Whether its content is right is found out by the prover when it reads it.
 *
 * @param signal stops the download, unless someone else waits for it, too.
 * @returns its path.
 * @throws MissingObjectError; NightshiftError TIMEOUT if the signal aborts.
 */
export async function ensureFile(
  artifact: Artifact,
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const path = pathOf(artifact);
  if (!(await touch(path))) {
    await fetches
      .join(path, (all) => fetchFile(artifact, all), signal)
      .catch((error) => {
        throw signal.aborted
          ? new NightshiftError('TIMEOUT', 'The keys took longer to fetch than the job may.')
          : error;
      });
  }
  return path;
}

/** Runs `use` while none of the artifacts' files gives way to others. */
export async function holding<T>(artifacts: Artifact[], use: () => Promise<T>): Promise<T> {
  const count = (path: string, change: number) => holders.set(path, (holders.get(path) ?? 0) + change);
  const paths = artifacts.map(pathOf);
  for (const path of paths) count(path, 1);
  try {
    return await use();
  } finally {
    for (const path of paths) if (count(path, -1).get(path) === 0) holders.delete(path);
  }
}

/** A new path beside the artifact's own, for a file that is not whole yet. */
export async function asideFile(artifact: Artifact): Promise<string> {
  await mkdir(directory(), { recursive: true });
  return `${pathOf(artifact)}.${randomUUID()}`;
}

/** Takes a file that was written aside for the artifact's own, since it is soon needed. */
export async function keepFile(artifact: Artifact, aside: string): Promise<void> {
  await rename(aside, pathOf(artifact));
  await makeRoom(0);
}

export const discardFile = (artifact: Artifact): Promise<void> => rm(pathOf(artifact), { force: true });

/** @returns whether the file is there; it is now the one used last. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    () => false,
  );
}

/** If the disk is full, others wrote more than their share of it: everything that is not held gives way. */
async function fetchFile(artifact: Artifact, signal: AbortSignal): Promise<void> {
  try {
    await download(artifact, signal);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    await oneByOne(() => giveWay(0));
    await download(artifact, signal).catch((again) => {
      throw isDiskFull(again) ? noRoomFor(artifact) : again;
    });
  }
}

const isDiskFull = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOSPC';

const noRoomFor = ({ object }: Artifact) =>
  new NightshiftError('INTERNAL', `The disk of this function has no room for ${object}, with all gone that could go.`);

async function download(artifact: Artifact, signal: AbortSignal): Promise<void> {
  const { object } = artifact;
  const opened = await openObject(object, signal);
  if (!opened) throw new MissingObjectError(artifact);
  const aside = await asideFile(artifact);
  try {
    await makeRoom(opened.bytes);
    await pipeline(opened.body, createWriteStream(aside), { signal });
    await rename(aside, pathOf(artifact));
  } finally {
    // Also if it never came to reading it: its connection would stay open.
    opened.body.destroy();
    await rm(aside, { force: true });
  }
}

const makeRoom = (bytes: number): Promise<void> => oneByOne(() => giveWay(proverConfig().ARTIFACT_CACHE_BYTES - bytes));

/** Removes the files used longest ago, until the rest has no more than `bound` bytes. */
async function giveWay(bound: number): Promise<void> {
  const files = await filesByUse();
  let excess = files.reduce((sum, { bytes }) => sum + bytes, 0) - bound;
  for (const { path, bytes, usedAt } of files) {
    if (excess <= 0) return;
    const inUse = holders.has(path) || (isAside(path) && Date.now() - usedAt < ABANDONED_MS);
    if (inUse) continue;
    await rm(path, { force: true });
    excess -= bytes;
  }
}

const isAside = (path: string): boolean => path.includes('.', directory().length);

/** What the directory holds, the one used longest ago first. */
async function filesByUse(): Promise<{ path: string; bytes: number; usedAt: number }[]> {
  const names = await readdir(directory());
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(directory(), name);
      const stats = await stat(path).catch(() => undefined);
      return stats && { path, bytes: stats.size, usedAt: stats.mtimeMs };
    }),
  );
  return files.filter((file) => file !== undefined).sort((a, b) => a.usedAt - b.usedAt);
}
