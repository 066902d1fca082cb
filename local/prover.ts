/** Builds the native prover. */
import { join } from 'node:path';
import { PROVER_CRATE } from '../infra/prover-executable.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';

/** Some minutes the first time, nothing to do later. */
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
