/** What stands in for AWS's base image, where no registry is at hand. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { NPM_BIN } from '../../local/paths.ts';
import { buildah, hasImage, ISOLATION } from './buildah.ts';
import { digestOf, PACKAGING_STATE } from './state.ts';

const RECIPE = join(import.meta.dirname, 'lambda');
const DEBIAN_RELEASE = 'bookworm';
const NODE = join(NPM_BIN, '../node/bin/node');

/** Where a Node of this machine has its headers: native parts are alike for all versions, and without it they are downloaded. */
const headersDirectory = (): string | undefined =>
  process.env.PATH?.split(delimiter)
    .map(dirname)
    .find((prefix) => existsSync(join(prefix, 'include/node/node_api.h')));

/** Made at first use, which takes a minute or two. Returns its name. */
export async function lambdaImage(): Promise<string> {
  const name = `localhost/nightshift-lambda:${await digestOf(RECIPE)}-${process.version}`;
  if (await hasImage(name)) return name;
  await mkdir(PACKAGING_STATE, { recursive: true });
  const run = promisify(execFile);
  const context = await mkdtemp(join(PACKAGING_STATE, 'lambda-'));
  try {
    await cp(RECIPE, context, { recursive: true });
    await Promise.all([
      run('debootstrap', ['--variant=minbase', DEBIAN_RELEASE, join(context, 'debian')]),
      // It compiles its native part.
      run('npm', ['ci'], { cwd: context, env: { ...process.env, npm_config_nodedir: headersDirectory() } }),
      copyFile(await realpath(NODE), join(context, 'node')),
    ]);
    await buildah('build', ...ISOLATION, '--tag', name, context);
  } finally {
    await rm(context, { recursive: true });
  }
  return name;
}
