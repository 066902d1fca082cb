/** `npm run deploy`: looks whether it can work, says what it costs, and deploys with the CDK. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { architectureNamed } from '../infra/architecture.ts';
import { prefetch } from '../infra/prefetch.ts';
import { synthesize } from './assembly.ts';
import { checkSurroundings, concurrencyFindings, expectSettings } from './checks.ts';
import { costsOf } from './costs.ts';
import { releaseFailed } from './failed-stack.ts';
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
  expectSettings(context);
  const { problems, limit } = await checkSurroundings(context);
  if (!areNone(problems)) return false;
  const architecture = architectureNamed(context.architecture);
  if (!buildProver(architecture, context) || !writeBillOfMaterials()) return false;
  const assembly = synthesize(join(directory, 'assembly'), context);
  if (!assembly) return false;
  const concurrency = concurrencyFindings(assembly.template, limit);
  for (const warning of concurrency.warnings) console.error(`! ${warning}`);
  if (!areNone(concurrency.problems)) return false;
  console.log(costsOf(assembly.template, architecture));
  const file = join(directory, 'outputs.json');
  await releaseFailed(assembly.stackName);
  if (!run('cdk', 'deploy', '--app', assembly.directory, '--outputs-file', file, ...cdkArgs)) return false;
  const told = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8'))[assembly.stackName] : undefined;
  const { data: deployed } = outputs.safeParse(told);
  if (!deployed) {
    console.log('Nothing was deployed, as the CDK was told.');
    return true;
  }
  console.log(ready(deployed.ApiUrl, await firstKey(stageIn(context))));
  await bringKeys(deployed.PrefetchFunctionName);
  return true;
}

/** So that first proofs need not wait for them. It is done every few hours anyway. */
async function bringKeys(functionName: string): Promise<void> {
  await prefetch(new LambdaClient(), functionName).then(
    (done) => console.log(`Keys and parameters: ${done}`),
    (error: Error) => console.error(`! Keys and parameters could not be brought yet: ${error.message}`),
  );
}

function areNone(problems: string[]): boolean {
  for (const problem of problems) console.error(`✗ ${problem}`);
  return problems.length === 0;
}
