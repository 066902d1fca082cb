/** The prover that a deployment takes along. */
import { spawnSync } from 'node:child_process';
import type { ArchitectureName } from '../infra/prover-executable.ts';
import { run } from './run.ts';

export const hasRust = (): boolean => spawnSync('cargo', ['--version'], { stdio: 'ignore' }).status === 0;

/** Builds it with this machine's Rust, or, where there is none, in a container. */
export const buildProver = (architecture: ArchitectureName): boolean =>
  run('npm', 'run', 'build:prover', '--', '--arch', architecture, ...(hasRust() ? [] : ['--container']));

/** The bill of materials of what is deployed. */
export function writeBillOfMaterials(): boolean {
  if (hasRust()) return run('npm', 'run', 'sbom');
  console.error('! No bill of materials is written: there is no Rust here, which tells what the prover is made of.');
  return true;
}
