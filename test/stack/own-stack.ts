/** A local stack beside the shared one, for tests that need other settings: one at a time. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { STATE_ROOT } from '../../local/paths.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/stack.ts';

/** Where it keeps its state. */
export const OWN_STATE_DIR = join(STATE_ROOT, 'test-own');

/** Starts it from an empty state. */
export async function startOwnStack(options: Omit<LocalStackOptions, 'port' | 'stateDir'>): Promise<LocalStack> {
  await rm(OWN_STATE_DIR, { recursive: true, force: true });
  return startLocalStack({ port: 0, stateDir: OWN_STATE_DIR, ...options });
}
