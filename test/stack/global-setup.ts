import { rm } from 'node:fs/promises';
import type { TestProject } from 'vitest/node';
import { progressOn } from '../../local/progress.ts';
import { startLocalStack } from '../../local/stack.ts';
import { DAPP_ORIGIN } from '../browser/site.ts';
import { isDeliberate, POLICED, refusals, STATE_DIR } from './privileges.ts';

/**
 * One local stack for all projects of integration, end-to-end and fault tests: what `npm start` runs, from an empty state.
 *
 * @returns its end; undefined if another project has started it.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const root = project.vitest.getRootProject();
  if (root.getProvidedContext().awsEndpoint) return undefined;
  Object.assign(process.env, project.config.env);
  await rm(STATE_DIR, { recursive: true, force: true });
  const stack = await startLocalStack({
    port: 0,
    stateDir: STATE_DIR,
    allowedOrigins: [DAPP_ORIGIN],
    emulatorScript: POLICED,
    progress: progressOn(process.stderr),
  });
  root.provide('baseUrl', stack.url);
  root.provide('awsEndpoint', stack.endpoint);
  root.provide('outputs', stack.outputs);
  return async () => {
    await stack.stop();
    await expectNoRefusals();
  };
}

/** No function was refused what it has to do. @throws Error with what was */
async function expectNoRefusals(): Promise<void> {
  const unexpected = (await refusals()).filter((refusal) => !isDeliberate(refusal));
  if (unexpected.length > 0) throw new Error(`Policies do not allow what was asked for: ${JSON.stringify(unexpected)}`);
}

declare module 'vitest' {
  interface ProvidedContext {
    baseUrl: string;
    awsEndpoint: string;
    outputs: Record<string, string>;
  }
}
