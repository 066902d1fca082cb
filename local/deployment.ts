/** The stack on the emulated AWS: synthesized, deployed, and in possession of what it proves with. */
import { join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { prefetch } from '../infra/prefetch.ts';
import { PROVER_EXECUTABLE } from '../infra/prover-executable.ts';
import { uploadAssets } from './assets.ts';
import type { Aws } from './aws.ts';
import { ASSET_BUCKET, BOOTSTRAP_STACK, BOOTSTRAP_TEMPLATE } from './bootstrap-stack.ts';
import { deployStack } from './deploy.ts';
import { LocalError } from './error.ts';
import { uploadParams } from './parameters.ts';
import type { Progress, Report } from './progress.ts';
import { applySettings } from './settings.ts';
import { setDelivery } from './stack-queues.ts';
import { type Assembly, type Settings, STACK, synthesize } from './synth.ts';
import { forEmulator } from './template.ts';

export interface DeploymentOptions extends Settings {
  stateDir: string;
  /** Folder of public parameters that need not be derived or downloaded. */
  paramsDir?: string;
  /** Runs in place of the prover that is built here. */
  proverExecutable?: string;
}

/** @returns the stack's outputs. */
export async function deployLocally(
  aws: Aws,
  endpoint: string,
  options: DeploymentOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const { stateDir, paramsDir, proverExecutable = PROVER_EXECUTABLE } = options;
  const assembly = await progress.step('Synthesis', (report) =>
    synthesize(join(stateDir, 'cdk.out'), options, report, signal),
  );
  const outputs = await progress.step('Deployment', (report) =>
    deploy(aws, endpoint, assembly, proverExecutable, report, signal),
  );
  await progress.step('Keys and parameters', async (report) => {
    const uploaded = paramsDir ? await uploadParams(aws.s3, output(outputs, 'BucketName'), paramsDir) : 0;
    const found = uploaded > 0 ? `${uploaded} from ${paramsDir}; ` : '';
    const prefetched = prefetch(aws.lambda, output(outputs, 'PrefetchFunctionName'), signal);
    await prefetched.then(
      (outcome) => report(found + outcome),
      (error: Error) => {
        throw new LocalError('PREFETCH_FAILED', error.message);
      },
    );
  });
  // The last end may have stopped it.
  await setDelivery(aws, true);
  return outputs;
}

async function deploy(
  aws: Aws,
  endpoint: string,
  assembly: Assembly,
  proverExecutable: string,
  report: Report,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const bootstrap = { TemplateBody: JSON.stringify(BOOTSTRAP_TEMPLATE) };
  await deployStack(aws.cloudFormation, BOOTSTRAP_STACK, bootstrap, report, signal);
  await uploadAssets(aws.s3, assembly);
  const template = forEmulator(assembly.template, { PROVER_PATH: proverExecutable });
  const object = { Bucket: ASSET_BUCKET, Key: `${STACK}.template.json` };
  await aws.s3.send(new PutObjectCommand({ ...object, Body: JSON.stringify(template) }));
  const TemplateURL = `${endpoint}/${object.Bucket}/${object.Key}`;
  const outputs = await deployStack(aws.cloudFormation, STACK, { TemplateURL }, report, signal);
  await applySettings(aws, STACK, template);
  return outputs;
}

export function output(outputs: Record<string, string>, name: string): string {
  const value = outputs[name];
  if (!value) throw new Error(`stack ${STACK} has no output ${name}`);
  return value;
}
