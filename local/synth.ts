/** Synthesizes the CDK app, without the CDK's command line, which takes longer than the app itself. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { LaneSettings, Pool } from '../core/lanes.ts';
import { stackOf } from '../core/stage.ts';
import type { TenantLimits } from '../core/tenant-limits.ts';
import { HOST_ARCHITECTURE, PROVER_EXECUTABLE } from '../infra/prover-executable.ts';
import { ACCOUNT, REGION } from './aws.ts';
import { PROJECT } from './paths.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';
import type { Template } from './template.ts';

export const STACK = stackOf();

/** How the local stack differs from the deployed one, beyond what every machine needs. */
export interface Settings {
  /** One lane in place of the lanes by size. */
  pool?: Pool;
  /** What is different about single lanes. */
  lanes?: LaneSettings['lanes'];
  tenantLimits?: TenantLimits;
  /** How long an API key that was revoked goes on working. */
  authorizationCacheSeconds?: number;
  /** Whether `/fetch-params/{k}` is answered. */
  fetchParams?: boolean;
  /** Whether contracts may be built on insecure development parameters. */
  developmentParameters?: boolean;
  /** Whether it has a KMS key of its own. */
  kms?: boolean;
  /** Debug logs. */
  verbose?: boolean;
}

/** No more proofs of a size side by side than there are cores; AWS allows no cap below 2. */
export const LOCAL_CAP = Math.max(2, availableParallelism());

/** An asset as the manifest beside the template lists it. */
export interface FileAsset {
  source: { path: string; packaging: 'file' | 'zip' };
  destinations: Record<string, { bucketName: string; objectKey: string }>;
}

export interface Assembly {
  /** What the assets' source paths are relative to. */
  directory: string;
  template: Template;
  assets: FileAsset[];
}

export async function synthesize(
  directory: string,
  settings: Settings,
  report: Report,
  signal: AbortSignal,
): Promise<Assembly> {
  const env = {
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify(contextOf(settings)),
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
  };
  const app = join(PROJECT, 'infra', 'app.ts');
  await run(process.execPath, [app], { cwd: PROJECT, env, failure: 'SYNTH_FAILED', report, signal });
  const template = await readJson<Template>(join(directory, `${STACK}.template.json`));
  const { files } = await readJson<{ files: Record<string, FileAsset> }>(join(directory, `${STACK}.assets.json`));
  return { directory, template, assets: Object.values(files) };
}

/** The values that infra reads by `tryGetContext`. */
export function contextOf(settings: Settings): Record<string, unknown> {
  const { pool, lanes, tenantLimits, authorizationCacheSeconds, verbose = false } = settings;
  const { fetchParams = true, developmentParameters = false, kms } = settings;
  return {
    packaging: 'zip',
    architecture: HOST_ARCHITECTURE,
    prover: PROVER_EXECUTABLE,
    ...(pool ? { pool } : { maxConcurrency: LOCAL_CAP }),
    ...(lanes && { lanes }),
    ...(tenantLimits && { tenantLimits }),
    ...(authorizationCacheSeconds && { authorizationCacheSeconds }),
    fetchParams,
    developmentParameters,
    ...(kms !== undefined && { kms }),
    ...(verbose && { logLevel: 'DEBUG' }),
  };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8'));
}
