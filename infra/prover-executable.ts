import { join } from 'node:path';

export const PROVER_CRATE = join(import.meta.dirname, '..', 'layers', 'prover');

/** What `npm run build:prover` makes, and what layer, image and local stack run. */
export const PROVER_EXECUTABLE = join(PROVER_CRATE, 'target', 'release', 'nightshift-prover');
