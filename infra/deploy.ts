/** `npm run deploy`: builds the prover, deploys the stack with the CDK, and has it bring its keys. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { prefetch } from './prefetch.ts';

const outputs = z.object({
  Nightshift: z.object({ ApiUrl: z.url(), PrefetchFunctionName: z.string() }),
});

const directory = mkdtempSync(join(tmpdir(), 'nightshift-deploy-'));
try {
  const file = join(directory, 'outputs.json');
  run('npm', 'run', 'build:prover');
  run('cdk', 'deploy', '--outputs-file', file, ...process.argv.slice(2));
  const { ApiUrl, PrefetchFunctionName } = outputs.parse(JSON.parse(readFileSync(file, 'utf8'))).Nightshift;
  console.log(`Keys and parameters: ${await prefetch(new LambdaClient(), PrefetchFunctionName)}`);
  console.log(`\nNightshift answers on ${ApiUrl}\n\n  curl ${ApiUrl}ready`);
} finally {
  rmSync(directory, { recursive: true });
}

function run(command: string, ...args: string[]): void {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`✗ ${command} ${args[0]} did not finish${error ? ` (${error.message})` : ''}.`);
    process.exit(1);
  }
}
