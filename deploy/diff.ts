/** `npm run diff`: what `npm run deploy` would change, and what it would cost then. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { architectureNamed } from '../infra/architecture.ts';
import { synthesize } from './assembly.ts';
import { costsOf } from './costs.ts';
import { optionsOf } from './options.ts';
import { buildProver } from './prover.ts';
import { run } from './run.ts';

const { context, cdkArgs } = optionsOf('diff', 'Shows what a deployment would change.', process.argv.slice(2));
const directory = mkdtempSync(join(tmpdir(), 'nightshift-diff-'));
try {
  process.exitCode = diff() ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

function diff(): boolean {
  const architecture = architectureNamed(context.architecture);
  if (!buildProver(architecture)) return false;
  const assembly = synthesize(join(directory, 'assembly'), context);
  if (!assembly) return false;
  console.log(costsOf(assembly.template, architecture));
  return run('cdk', 'diff', '--app', assembly.directory, ...cdkArgs);
}
