/** The image that stands in for AWS's base image. */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NPM_BIN } from '../../local/paths.ts';
import { buildah, hasImage, ISOLATION } from './buildah.ts';
import { digestOf, PACKAGING_STATE } from './state.ts';

const RECIPE = join(import.meta.dirname, 'base');
const RELEASE = 'bookworm';
const NODE = join(NPM_BIN, '../node/bin/node');

/** Made at first use, which takes a minute or two. Returns its name. */
export async function baseImage(): Promise<string> {
  const name = `localhost/nightshift-base:${await digestOf(RECIPE)}-${process.version}`;
  if (!(await hasImage(name))) await make(name);
  return name;
}

async function make(name: string): Promise<void> {
  await mkdir(PACKAGING_STATE, { recursive: true });
  const context = await mkdtemp(join(PACKAGING_STATE, 'base-'));
  const run = promisify(execFile);
  try {
    await cp(RECIPE, context, { recursive: true });
    await Promise.all([
      run('debootstrap', ['--variant=minbase', RELEASE, join(context, 'debian')]),
      // It compiles its native part.
      run('npm', ['ci'], { cwd: context }),
      copyFile(await realpath(NODE), join(context, 'node')),
    ]);
    await buildah('build', ...ISOLATION, '--tag', name, context);
  } finally {
    await rm(context, { recursive: true });
  }
}
