/** A local stack beside the shared one, for tests that need other settings: one at a time. */
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { STATE_ROOT } from '../../local/paths.ts';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/stack.ts';

/** Where it keeps what it holds. */
export const OWN_STATE = join(STATE_ROOT, 'test-own');
/** What a stack leaves that has derived its keys and parameters, and done nothing else. */
const SEED_DIR = join(STATE_ROOT, 'test-own-seed');

/** Derives keys and parameters once for all own stacks of a run: it is what takes longest when a stack starts. */
export default async function makeSeed({ config: { env } }: TestProject): Promise<void> {
  Object.assign(process.env, env);
  await Promise.all([OWN_STATE, SEED_DIR].map((directory) => rm(directory, { recursive: true, force: true })));
  const stack = await startLocalStack({ port: 0, stateDir: OWN_STATE });
  await stack.stop();
  await rename(OWN_STATE, SEED_DIR);
}

/** @returns the directory of a state as after a first start that nobody used. */
export async function freshState(): Promise<string> {
  await rm(OWN_STATE, { recursive: true, force: true, maxRetries: 5 });
  await cp(SEED_DIR, OWN_STATE, { recursive: true });
  return OWN_STATE;
}

/** Starts it on a fresh state. */
export async function startOwnStack(options: Omit<LocalStackOptions, 'port' | 'stateDir'>): Promise<LocalStack> {
  return startLocalStack({ port: 0, stateDir: await freshState(), ...options });
}
