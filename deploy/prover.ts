/** The prover that a deployment takes along. */
import { spawnSync } from 'node:child_process';
import type { ArchitectureName } from '../infra/prover-executable.ts';
import type { Context } from './options.ts';
import { run } from './run.ts';

/** With rustup, which brings the other architecture's standard library. */
export const hasRust = (): boolean =>
  ['cargo', 'rustup'].every((tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).status === 0);

/** Builds it with this machine's Rust, or, where there is none, in a container; unless one is given (`-c prover=FILE`). */
export const buildProver = (architecture: ArchitectureName, { prover }: Context): boolean =>
  prover !== undefined ||
  run('npm', 'run', 'build:prover', '--', '--arch', architecture, ...(hasRust() ? [] : ['--container']));

/** The bill of materials of what is deployed. */
export function writeBillOfMaterials(): boolean {
  if (hasRust()) return run('npm', 'run', 'sbom');
  console.error('! No bill of materials is written: there is no Rust here, which tells what the prover is made of.');
  return true;
}
