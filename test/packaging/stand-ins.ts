/** Images that stand in for those that the Dockerfile names, where no registry is at hand. They are made at first use. */
import { execFile } from 'node:child_process';
import { copyFile, cp, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { NPM_BIN } from '../../local/paths.ts';
import { buildah, hasImage, ISOLATION } from './buildah.ts';
import { digestOf, PACKAGING_STATE } from './state.ts';

const run = promisify(execFile);

const LAMBDA = join(import.meta.dirname, 'lambda');
const RUST = join(import.meta.dirname, 'rust');
const DEBIAN_RELEASE = 'bookworm';
const NODE = join(NPM_BIN, '../node/bin/node');

/** AWS's base image for Node. Takes a minute or two. Returns its name. */
export async function lambdaImage(): Promise<string> {
  const name = `localhost/nightshift-lambda:${await digestOf(LAMBDA)}-${process.version}`;
  if (await hasImage(name)) return name;
  await mkdir(PACKAGING_STATE, { recursive: true });
  const context = await mkdtemp(join(PACKAGING_STATE, 'lambda-'));
  try {
    await cp(LAMBDA, context, { recursive: true });
    await Promise.all([
      run('debootstrap', ['--variant=minbase', DEBIAN_RELEASE, join(context, 'debian')]),
      // It compiles its native part.
      run('npm', ['ci'], { cwd: context }),
      copyFile(await realpath(NODE), join(context, 'node')),
    ]);
    await buildah('build', ...ISOLATION, '--tag', name, context);
  } finally {
    await rm(context, { recursive: true });
  }
  return name;
}

/** Rust's official image. Returns its name, and how this machine's Rust gets into what is built on it. */
export async function rustImage(): Promise<{ name: string; volumes: string[] }> {
  const debian = await lambdaImage();
  const name = `localhost/nightshift-rust:${await digestOf(RUST)}`;
  if (!(await hasImage(name))) {
    await buildah('build', ...ISOLATION, '--build-arg', `DEBIAN_IMAGE=${debian}`, '--tag', name, RUST);
  }
  const { stdout } = await run('rustup', ['show', 'home']);
  const cargo = process.env.CARGO_HOME ?? join(homedir(), '.cargo');
  const mounts = {
    [stdout.trim()]: '/usr/local/rustup',
    [join(cargo, 'bin')]: '/usr/local/cargo/bin',
    // Whom this machine trusts: there may be a proxy before the registries.
    '/etc/ssl/certs': '/etc/ssl/certs',
  };
  const volumes = Object.entries(mounts).flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]);
  return { name, volumes };
}
