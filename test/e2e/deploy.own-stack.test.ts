/** `npm run deploy`, `diff` and `destroy`, with the CDK's own command line, on an emulated AWS that has nothing yet. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { APIGatewayClient, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Nightshift } from '../../client/index.ts';
import { type Aws, awsAt, closeAws, environmentOf } from '../../local/aws.ts';
import { BOOTSTRAP_STACK, BOOTSTRAP_TEMPLATE } from '../../local/bootstrap-stack.ts';
import { deployStack } from '../../local/deploy.ts';
import { type Emulator, installEmulator, startEmulator } from '../../local/emulator.ts';
import { PROJECT, STATE_ROOT } from '../../local/paths.ts';
import { apiByPath } from '../../local/stack.ts';

const STATE = join(STATE_ROOT, 'test-deploy');
const SCRIPT = join(PROJECT, 'test/stack/emulator-with-prover.py');
const LIMIT_MS = 400_000;
const ignore = () => {};
const never = new AbortController().signal;

/** The web ACL's association is what the emulated AWS does not know. */
const SETTINGS = ['-c', 'packaging=zip', '-c', 'waf=false', '-c', 'stage=tried'];
const STACK = 'Nightshift-tried';

let emulator: Emulator;
let aws: Aws;

beforeAll(async () => {
  await rm(STATE, { recursive: true, force: true });
  emulator = await startEmulator(await installEmulator(ignore, never), STATE, never, SCRIPT);
  aws = awsAt(emulator.endpoint);
});

afterAll(async () => {
  closeAws(aws);
  await emulator?.stop();
});

/** As npm runs it. */
async function run(command: 'deploy' | 'diff' | 'destroy', ...args: string[]) {
  const child = spawn(process.execPath, [join(PROJECT, `deploy/${command}.ts`), ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...environmentOf(emulator.endpoint), CDK_DISABLE_CLI_TELEMETRY: 'true' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  return { code, stdout, stderr };
}

test('an account that was not set up is found out before anything is changed', { timeout: LIMIT_MS }, async () => {
  const { code, stdout, stderr } = await run('deploy', ...SETTINGS);
  expect([code, stderr]).toEqual([1, expect.stringContaining('Run: npx cdk bootstrap')]);
  expect(stderr).toContain('API Gateway has no role to write logs by');
  expect(stdout).toBe('');
});

/** As the runbook says. */
async function setUpApiGateway(): Promise<void> {
  const { endpoint, region, credentials } = aws.lambda.config;
  const apiGateway = new APIGatewayClient({ endpoint: await endpoint?.(), region, credentials });
  const value = 'arn:aws:iam::000000000000:role/api-gateway-logs';
  const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value }];
  await apiGateway.send(new UpdateAccountCommand({ patchOperations }));
  apiGateway.destroy();
}

test('it deploys, tells what that costs, and its first key has a proof made', { timeout: LIMIT_MS }, async () => {
  await setUpApiGateway();
  await deployStack(
    aws.cloudFormation,
    BOOTSTRAP_STACK,
    { TemplateBody: JSON.stringify(BOOTSTRAP_TEMPLATE) },
    ignore,
    never,
  );
  const { code, stdout, stderr } = await run('deploy', ...SETTINGS, '--require-approval', 'never');
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(
    /while nothing happens {2}\$\d+\.\d\d a month: .*KMS \$1\.00 \(-c kms=false\), web ACL \$0\.00/,
  );
  expect(stdout).toMatch(/computing a proof +k=6 \$0\.0000\d+/);
  const [, url = ''] = stdout.match(/Nightshift answers on (\S+)/) ?? [];
  const [, apiKey = ''] = stdout.match(/The first API key, shown once: (\S+)/) ?? [];
  expect(stdout).toContain(`httpClientProofProvider('${url.replace(/\/$/, '')}', zkConfigProvider, { headers })`);

  const nightshift = new Nightshift({ url: apiByPath(emulator.endpoint, url), apiKey });
  const preimage = await readFile(join(PROJECT, 'test/data/preimages/dust-spend.preimage.bin'));
  const { proof, statement } = await nightshift.prove({ circuit: 'midnight/dust/spend', preimage });
  expect(await nightshift.verify([{ circuit: 'midnight/dust/spend', proof, statement }])).toMatchObject({
    valid: true,
  });
});

test('then it would change nothing', { timeout: LIMIT_MS }, async () => {
  const { code, stdout, stderr } = await run('diff', ...SETTINGS);
  expect([code, stdout + stderr]).toEqual([0, expect.stringContaining('There were no differences')]);
});

test('what it kept data in outlives it, and is told', { timeout: LIMIT_MS }, async () => {
  const { code, stdout, stderr } = await run('destroy', '--stage', 'tried', '--yes');
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(`${STACK} is deleted.`);
  const { Buckets = [] } = await aws.s3.send(new ListBucketsCommand());
  const kept = Buckets.map(({ Name = '' }) => Name).filter((name) => name.startsWith(STACK.toLowerCase()));
  expect(kept.length).toBeGreaterThan(1);
  for (const name of kept) expect(stdout).toContain(`AWS::S3::Bucket  ${name}`);
  for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::KMS::Key']) expect(stdout).toContain(type);
});
