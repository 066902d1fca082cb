/** Builds the native prover. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type ArchitectureName, PROVER_CRATE, staticProver } from '../infra/prover-executable.ts';
import { layProverStage } from '../infra/prover-stage.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';
import { installPython } from './python.ts';

/** Compilers and linkers for both architectures, from any machine. */
const CROSS_COMPILER = join(PROVER_CRATE, 'requirements.txt');

/** Zig opens what the C library is made of all at once, and some engines let it open no more than 1024 files. */
const OPEN_FILES = ['--ulimit', 'nofile=4096:4096'];

/** For this machine. Some minutes the first time, nothing to do later. */
export function buildProver(report: Report, signal: AbortSignal): Promise<void> {
  const args = ['build', '--release', '--locked', '--target-dir', join(PROVER_CRATE, 'target')];
  return run('cargo', args, {
    cwd: PROVER_CRATE,
    env: { CARGO_TERM_COLOR: 'never' },
    failure: 'BUILD_FAILED',
    report,
    signal,
  });
}

/** For Lambda, with this machine's Rust. */
export async function buildStaticProver(
  architecture: ArchitectureName,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const bin = await installPython('cross-compiler', CROSS_COMPILER, report, signal);
  const PATH = [bin, process.env.PATH].join(delimiter);
  const env = { PATH, CARGO_TERM_COLOR: 'never' };
  const options = { cwd: PROVER_CRATE, env, failure: 'BUILD_FAILED', report, signal } as const;
  await run('./build-static', [architecture], options);
}

/**
 * For Lambda, by the first stage of prove's image: without any Rust, in docker or the engine that CDK_DOCKER names, as it
 * does for the CDK.
 *
 * @param buildArgs what stands for the images that the Dockerfile names.
 */
export async function buildStaticProverInContainer(
  architecture: ArchitectureName,
  report: Report,
  signal: AbortSignal,
  buildArgs: readonly string[] = [],
): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'nightshift-prover-'));
  try {
    layProverStage(context);
    const directory = dirname(staticProver(architecture));
    await mkdir(directory, { recursive: true });
    const args = ['build', '--target', 'executable', '--platform', `linux/${architecture}`, ...OPEN_FILES];
    args.push('--output', `type=local,dest=${directory}`, ...buildArgs, context);
    const options = { cwd: context, failure: 'BUILD_FAILED', report, signal } as const;
    await run(process.env.CDK_DOCKER ?? 'docker', args, options);
  } finally {
    await rm(context, { recursive: true });
  }
}
