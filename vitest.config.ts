import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A k=14 proof takes seconds, and more while others are proved beside it. */
const PROOF_TIMEOUT_MS = 120_000;

/** Faults whose tests take minutes, each on a stack of its own: `npm run test:faults`, not `npm test`. */
const LONG = 'test/faults/**/*.long.test.ts';
const LONG_TIMEOUT_MS = 20 * 60_000;

/** Whether this machine has a network makes no difference: there are no parameters but those that can be derived. */
const NOWHERE = 'http://127.0.0.1:9/';

/** Examples import it by its name, and it may not have been built. */
const CLIENT = [
  { find: /^nightshift-client$/, replacement: join(import.meta.dirname, 'client/index.ts') },
  { find: /^nightshift-client\//, replacement: join(import.meta.dirname, 'client/') },
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          alias: CLIENT,
          include: ['test/{api,bench,core,infra,local,cli,client,generator}/**/*.test.ts'],
          testTimeout: PROOF_TIMEOUT_MS,
          hookTimeout: PROOF_TIMEOUT_MS,
        },
      },
      {
        test: {
          name: 'stack',
          alias: CLIENT,
          include: ['test/{integration,e2e,faults}/**/*.test.ts'],
          exclude: [LONG],
          globalSetup: 'test/stack/global-setup.ts',
          env: { MIDNIGHT_PARAM_SOURCE: NOWHERE },
          testTimeout: PROOF_TIMEOUT_MS,
          hookTimeout: PROOF_TIMEOUT_MS,
          // Two cores: proofs side by side only slow each other down.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'long',
          alias: CLIENT,
          include: [LONG],
          env: { MIDNIGHT_PARAM_SOURCE: NOWHERE },
          testTimeout: LONG_TIMEOUT_MS,
          hookTimeout: PROOF_TIMEOUT_MS,
          fileParallelism: false,
        },
      },
    ],
  },
});
