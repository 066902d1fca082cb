/** `npm run deploy`: builds the prover, deploys the stack with the CDK, and has it bring its keys. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { makingTheFirstKey } from './first-key.ts';
import { prefetch } from './prefetch.ts';

const outputs = z.object({
  Nightshift: z.object({ ApiUrl: z.url(), PrefetchFunctionName: z.string() }),
});

const args = process.argv.slice(2);
const problem = problemWith(args);
if (problem) {
  console.error(`✗ ${problem}`);
  process.exitCode = 1;
} else {
  await deploy(args);
}

async function deploy(cdkArgs: string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'nightshift-deploy-'));
  const file = join(directory, 'outputs.json');
  try {
    // The bill of materials is of what is deployed.
    const built = run('npm', 'run', 'build:prover') && run('npm', 'run', 'sbom');
    const done = built && run('cdk', 'deploy', '--outputs-file', file, ...cdkArgs);
    if (!done) return;
    const { ApiUrl, PrefetchFunctionName } = outputs.parse(JSON.parse(readFileSync(file, 'utf8'))).Nightshift;
    console.log(`Keys and parameters: ${await prefetch(new LambdaClient(), PrefetchFunctionName)}`);
    console.log(ready(ApiUrl));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const ready = (url: string): string => `
Nightshift answers on ${url}

  curl ${url}ready

Whoever has proofs made needs an API key. To make a tenant and a key:

${makingTheFirstKey('npx nightshift')}`;

/** What would deploy, and then not work. */
function problemWith(cdkArgs: string[]): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `The functions run on Linux on x86_64, and the prover is built here, on ${process.platform} ${process.arch}. Deploy from such a machine.`;
  }
  if (cdkArgs.some((arg) => arg.startsWith('--profile'))) {
    return 'Name the profile in AWS_PROFILE: the CDK is not the only one to need it.';
  }
  return undefined;
}

function run(command: string, ...commandArgs: string[]): boolean {
  const { status, error } = spawnSync(command, commandArgs, { stdio: 'inherit' });
  if (status === 0) return true;
  console.error(`✗ ${command} ${commandArgs[0]} did not finish${error ? ` (${error.message})` : ''}.`);
  process.exitCode = 1;
  return false;
}
