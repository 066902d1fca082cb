import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { STATE_ROOT } from '../../local/paths.ts';
import { progressOn } from '../../local/progress.ts';
import { startLocalStack } from '../../local/stack.ts';
import { DAPP_ORIGIN } from '../browser/site.ts';

/**
 * One local stack for all projects of integration, end-to-end and fault tests: what `npm start` runs, from an empty state.
 *
 * @returns its end; undefined if another project has started it.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().awsEndpoint) return undefined;
  Object.assign(process.env, project.config.env);
  const stateDir = join(STATE_ROOT, 'test');
  await rm(stateDir, { recursive: true, force: true });
  const stack = await startLocalStack({
    port: 0,
    stateDir,
    allowedOrigins: [DAPP_ORIGIN],
    progress: progressOn(process.stderr),
  });
  root.provide('baseUrl', stack.url);
  root.provide('awsEndpoint', stack.endpoint);
  root.provide('outputs', stack.outputs);
  return stack.stop;
}

declare module 'vitest' {
  interface ProvidedContext {
    baseUrl: string;
    awsEndpoint: string;
    outputs: Record<string, string>;
  }
}
