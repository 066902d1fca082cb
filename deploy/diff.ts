/** `npm run diff`: what `npm run deploy` would change, and what it would cost then. */
import { join } from 'node:path';
import { architectureNamed } from '../infra/architecture.ts';
import { synthesize } from './assembly.ts';
import { costsOf } from './costs.ts';
import { optionsOf } from './options.ts';
import { buildProver } from './prover.ts';
import { run } from './run.ts';
import { withScratch } from './scratch.ts';

const { context, cdkArgs } = optionsOf('diff', 'Shows what a deployment would change.', process.argv.slice(2));
await withScratch(diff);

function diff(directory: string): boolean {
  const architecture = architectureNamed(context.architecture);
  if (!buildProver(architecture, context)) return false;
  const assembly = synthesize(join(directory, 'assembly'), context);
  if (!assembly) return false;
  console.log(costsOf(assembly.template, architecture));
  return run('cdk', 'diff', '--app', assembly.directory, ...cdkArgs);
}
