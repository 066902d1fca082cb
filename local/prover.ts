/** Builds the native prover. */
import { join } from 'node:path';
import { PROJECT } from './paths.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';

const CRATE = join(PROJECT, 'layers', 'prover');
const TARGET = join(CRATE, 'target');

/** The executable that `buildProver` makes. */
export const PROVER = join(TARGET, 'release', 'nightshift-prover');

/** Some minutes the first time, nothing to do later. */
export function buildProver(report: Report, signal: AbortSignal): Promise<void> {
  const args = ['build', '--release', '--locked', '--target-dir', TARGET];
  return run('cargo', args, {
    cwd: CRATE,
    env: { CARGO_TERM_COLOR: 'never' },
    failure: 'BUILD_FAILED',
    report,
    signal,
  });
}
