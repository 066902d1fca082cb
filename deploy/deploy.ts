/** `npm run deploy`: looks whether it can work, says what it costs, and deploys with the CDK. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { architectureNamed } from '../infra/architecture.ts';
import { prefetch } from '../infra/prefetch.ts';
import { synthesize } from './assembly.ts';
import { checkSurroundings, concurrencyFindings } from './checks.ts';
import { costsOf } from './costs.ts';
import { firstKey } from './first-key.ts';
import { optionsOf, stageIn } from './options.ts';
import { buildProver, writeBillOfMaterials } from './prover.ts';
import { ready } from './ready.ts';
import { run } from './run.ts';
import { withScratch } from './scratch.ts';

const outputs = z.object({ ApiUrl: z.url(), PrefetchFunctionName: z.string() });

const { context, cdkArgs } = optionsOf(
  'deploy',
  'Deploys Nightshift, or what has changed of it.',
  process.argv.slice(2),
);
await withScratch(deploy);

async function deploy(directory: string): Promise<boolean> {
  const { problems, limit } = await checkSurroundings(context);
  if (!areNone(problems)) return false;
  const architecture = architectureNamed(context.architecture);
  if (!buildProver(architecture) || !writeBillOfMaterials()) return false;
  const assembly = synthesize(join(directory, 'assembly'), context);
  if (!assembly) return false;
  const concurrency = concurrencyFindings(assembly.template, limit);
  for (const warning of concurrency.warnings) console.error(`! ${warning}`);
  if (!areNone(concurrency.problems)) return false;
  console.log(costsOf(assembly.template, architecture));
  const file = join(directory, 'outputs.json');
  if (!run('cdk', 'deploy', '--app', assembly.directory, '--outputs-file', file, ...cdkArgs)) return false;
  const told = JSON.parse(readFileSync(file, 'utf8'))[assembly.stackName];
  const { ApiUrl, PrefetchFunctionName } = outputs.parse(told);
  console.log(`Keys and parameters: ${await prefetch(new LambdaClient(), PrefetchFunctionName)}`);
  console.log(ready(ApiUrl, await firstKey(stageIn(context))));
  return true;
}

function areNone(problems: string[]): boolean {
  for (const problem of problems) console.error(`✗ ${problem}`);
  return problems.length === 0;
}
