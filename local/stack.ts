/** The local stack: what `npm start` shows and what the integration tests run on. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { prefetch } from '../infra/prefetch.ts';
import { PROVER_EXECUTABLE } from '../infra/prover-executable.ts';
import { uploadAssets } from './assets.ts';
import { type Aws, awsAt, closeAws } from './aws.ts';
import { ASSET_BUCKET, BOOTSTRAP_STACK, BOOTSTRAP_TEMPLATE } from './bootstrap-stack.ts';
import { deployStack } from './deploy.ts';
import { startEmulator, useEmulator } from './emulator.ts';
import { LocalError } from './error.ts';
import { startGateway } from './gateway/gateway.ts';
import { preflight } from './preflight.ts';
import { type Progress, silent } from './progress.ts';
import { buildProver } from './prover.ts';
import { installEmulator } from './python.ts';
import { applyTimeToLive } from './settings.ts';
import { STACK, synthesize } from './synth.ts';
import { forEmulator } from './template.ts';

export interface LocalStackOptions {
  /** Where the stack answers; 0: any free port. */
  port: number;
  /** Where the emulated AWS keeps what it holds. One stack at a time. */
  stateDir: string;
  progress?: Progress;
  /** Gives the start up; what it started is ended. */
  signal?: AbortSignal;
}

export interface LocalStack {
  /** Where the stack answers. */
  url: string;
  /** The emulated AWS behind it. */
  endpoint: string;
  /** The stack's outputs. */
  outputs: Record<string, string>;
  /** Resolves if a part of the stack ends without having been told to. */
  crashed: Promise<LocalError>;
  stop(): Promise<void>;
}

/** @throws AggregateError of LocalErrors if the machine lacks something; LocalError if a step fails. */
export async function startLocalStack({
  port,
  stateDir,
  progress = silent,
  signal = new AbortController().signal,
}: LocalStackOptions): Promise<LocalStack> {
  const givenEndpoint = process.env.AWS_ENDPOINT_URL;
  await progress.step('Machine', async () => {
    const problems = await preflight({ port, emulator: !givenEndpoint });
    if (problems.length > 0) throw new AggregateError(problems);
    await mkdir(stateDir, { recursive: true });
  });
  await progress.step('Prover', (report) => buildProver(report, signal));

  await using started = new AsyncDisposableStack();
  const { endpoint, crashed } = await progress.step('Emulated AWS', async (report) => {
    if (givenEndpoint) return useEmulator(givenEndpoint);
    const emulator = await startEmulator(await installEmulator(report, signal), stateDir, signal);
    started.defer(emulator.stop);
    report(emulator.endpoint);
    return emulator;
  });
  const aws = started.adopt(awsAt(endpoint), closeAws);
  const outputs = await Promise.race([
    deploy(aws, endpoint, stateDir, progress, signal),
    crashed.then((error) => Promise.reject(error)),
  ]);
  const gateway = await startGateway({ port, upstream: apiByPath(endpoint, output(outputs, 'ApiUrl')) });
  started.defer(gateway.close);

  signal.throwIfAborted();
  const running = started.move();
  return { url: gateway.url, endpoint, outputs, crashed, stop: () => running.disposeAsync() };
}

/** Synthesizes the stack, deploys it and has it fetch what it proves with. Returns its outputs. */
async function deploy(
  aws: Aws,
  endpoint: string,
  stateDir: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const assembly = await progress.step('Synthesis', (report) => synthesize(join(stateDir, 'cdk.out'), report, signal));
  const outputs = await progress.step('Deployment', async (report) => {
    const bootstrap = { TemplateBody: JSON.stringify(BOOTSTRAP_TEMPLATE) };
    await deployStack(aws.cloudFormation, BOOTSTRAP_STACK, bootstrap, report, signal);
    await uploadAssets(aws.s3, assembly);
    const template = forEmulator(assembly.template, { PROVER_PATH: PROVER_EXECUTABLE });
    const object = { Bucket: ASSET_BUCKET, Key: `${STACK}.template.json` };
    await aws.s3.send(new PutObjectCommand({ ...object, Body: JSON.stringify(template) }));
    const TemplateURL = `${endpoint}/${object.Bucket}/${object.Key}`;
    const deployed = await deployStack(aws.cloudFormation, STACK, { TemplateURL }, report, signal);
    await applyTimeToLive(aws, STACK, template);
    return deployed;
  });
  await progress.step('Keys and parameters', (report) =>
    prefetch(aws.lambda, output(outputs, 'PrefetchFunctionName'), signal).then(report, (error: Error) => {
      throw new LocalError('PREFETCH_FAILED', error.message);
    }),
  );
  return outputs;
}

function output(outputs: Record<string, string>, name: string): string {
  const value = outputs[name];
  if (!value) throw new Error(`stack ${STACK} has no output ${name}`);
  return value;
}

/** The API's name in `https://{id}.execute-api.…/{stage}/` does not resolve on this machine; its path on the endpoint does. */
function apiByPath(endpoint: string, apiUrl: string): string {
  const { hostname, pathname } = new URL(apiUrl);
  const [id] = hostname.split('.');
  const [, stage] = pathname.split('/');
  return `${endpoint}/restapis/${id}/${stage}/_user_request_`;
}
