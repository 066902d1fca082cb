/** Synthesizes the CDK app, without the CDK's command line, which takes longer than the app itself. */
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ACCOUNT, REGION } from './aws.ts';
import { PROJECT } from './paths.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';
import type { Template } from './template.ts';

export const STACK = 'Nightshift';

/** No more proofs of a size side by side than there are cores; AWS allows no cap below 2. */
const LOCAL_CAP = Math.max(2, availableParallelism());

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

export async function synthesize(directory: string, report: Report, signal: AbortSignal): Promise<Assembly> {
  const env = {
    CDK_OUTDIR: directory,
    CDK_CONTEXT_JSON: JSON.stringify({ packaging: 'zip', maxConcurrency: LOCAL_CAP }),
    CDK_DEFAULT_ACCOUNT: ACCOUNT,
    CDK_DEFAULT_REGION: REGION,
  };
  const app = join(PROJECT, 'infra', 'app.ts');
  await run(process.execPath, [app], { cwd: PROJECT, env, failure: 'SYNTH_FAILED', report, signal });
  const template = await readJson<Template>(join(directory, `${STACK}.template.json`));
  const { files } = await readJson<{ files: Record<string, FileAsset> }>(join(directory, `${STACK}.assets.json`));
  return { directory, template, assets: Object.values(files) };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, 'utf8'));
}
