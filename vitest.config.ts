import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A k=14 proof takes seconds, and more while others are proved beside it. */
const PROOF_TIMEOUT_MS = 120_000;

/** Tests that start a local stack of their own, or several: one after the other, beside those that share one. */
const OWN_STACK = 'test/{e2e,faults,abuse}/**/*.own-stack.test.ts';

/** Faults whose tests take minutes: `npm run test:faults`, not `npm test`. */
const LONG = 'test/faults/**/*.long.test.ts';
const OWN_STACK_LONG = 'test/faults/**/*.own-stack.long.test.ts';
const LONG_TIMEOUT_MS = 20 * 60_000;

/** Whether this machine has a network makes no difference: there are no parameters but those that can be derived. */
const NOWHERE = 'http://127.0.0.1:9/';

/** Examples import it by its name, and it may not have been built. */
const CLIENT = [
  { find: /^nightshift-client$/, replacement: join(import.meta.dirname, 'client/index.ts') },
  { find: /^nightshift-client\//, replacement: join(import.meta.dirname, 'client/') },
];

const COMMON = { alias: CLIENT, testTimeout: PROOF_TIMEOUT_MS, hookTimeout: PROOF_TIMEOUT_MS };

const ON_STACKS = {
  ...COMMON,
  env: { MIDNIGHT_PARAM_SOURCE: NOWHERE },
  // Two cores: proofs side by side only slow each other down.
  fileParallelism: false,
};

const ON_OWN_STACKS = { ...ON_STACKS, globalSetup: 'test/stack/own-stack.ts' };

const ON_SHARED_STACK = { ...ON_STACKS, globalSetup: 'test/stack/global-setup.ts' };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...COMMON,
          name: 'unit',
          include: ['test/{api,bench,core,deploy,docs,infra,local,cli,client,generator,supply-chain}/**/*.test.ts'],
        },
      },
      {
        test: {
          ...ON_SHARED_STACK,
          name: 'stack',
          include: ['test/{integration,e2e,faults,abuse}/**/*.test.ts'],
          exclude: [OWN_STACK, LONG],
        },
      },
      { test: { ...ON_OWN_STACKS, name: 'own-stack', include: [OWN_STACK] } },
      {
        test: {
          ...COMMON,
          name: 'packaging',
          include: ['test/packaging/**/*.test.ts'],
          fileParallelism: false,
          // The first time, roots and images are made.
          hookTimeout: LONG_TIMEOUT_MS,
        },
      },
      {
        test: {
          ...ON_SHARED_STACK,
          name: 'long',
          include: [LONG],
          exclude: [OWN_STACK_LONG],
          testTimeout: LONG_TIMEOUT_MS,
        },
      },
      { test: { ...ON_OWN_STACKS, name: 'own-stack-long', include: [OWN_STACK_LONG], testTimeout: LONG_TIMEOUT_MS } },
    ],
  },
});
