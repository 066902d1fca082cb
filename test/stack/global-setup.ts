import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { STATE_ROOT } from '../../local/paths.ts';
import { progressOn } from '../../local/progress.ts';
import { startLocalStack } from '../../local/stack.ts';
import { DAPP_ORIGIN } from '../browser/site.ts';

/** One local stack for all integration and end-to-end tests: what `npm start` runs, from an empty state. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  Object.assign(process.env, project.config.env);
  const stateDir = join(STATE_ROOT, 'test');
  await rm(stateDir, { recursive: true, force: true });
  const stack = await startLocalStack({
    port: 0,
    stateDir,
    allowedOrigins: [DAPP_ORIGIN],
    progress: progressOn(process.stderr),
  });
  project.provide('baseUrl', stack.url);
  project.provide('awsEndpoint', stack.endpoint);
  project.provide('outputs', stack.outputs);
  return stack.stop;
}

declare module 'vitest' {
  interface ProvidedContext {
    baseUrl: string;
    awsEndpoint: string;
    outputs: Record<string, string>;
  }
}
