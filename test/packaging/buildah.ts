/** Container images without a container engine: buildah, whose steps run in a chroot, with a store of its own. */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PACKAGING_STATE } from './state.ts';

const STORE = join(PACKAGING_STATE, 'images');
const MOST_OUTPUT_BYTES = 64 * 2 ** 20;

/** What `buildah` is to be called with, by whomever. */
export const STORE_ARGUMENTS = ['--root', STORE, '--runroot', join(PACKAGING_STATE, 'run')];
export const ISOLATION = ['--isolation', 'chroot'];
/** Whole images pass through. */
const TEMPORARY = join(PACKAGING_STATE, 'tmp');
const ENVIRONMENT = { ...process.env, TMPDIR: TEMPORARY };

/** @returns what it printed, trimmed. @throws with all its output if it fails. */
export async function buildah(...args: string[]): Promise<string> {
  await mkdir(TEMPORARY, { recursive: true });
  const options = { maxBuffer: MOST_OUTPUT_BYTES, env: ENVIRONMENT };
  const { stdout } = await promisify(execFile)('buildah', [...STORE_ARGUMENTS, ...args], options);
  return stdout.trim();
}

export const hasImage = (name: string): Promise<boolean> =>
  buildah('inspect', '--type', 'image', name).then(
    () => true,
    () => false,
  );

/** Lets `use` have a container of the image. */
export async function withContainer<T>(image: string, use: (container: string) => Promise<T>): Promise<T> {
  const container = await buildah('from', image);
  try {
    return await use(container);
  } finally {
    await buildah('rm', container);
  }
}
