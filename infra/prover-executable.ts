import { join } from 'node:path';

export const PROVER_CRATE = join(import.meta.dirname, '..', 'layers', 'prover');

/** Of this machine, for development: what `npm run build:prover` makes, and what the local stack runs. */
export const PROVER_EXECUTABLE = join(PROVER_CRATE, 'target', 'release', 'nightshift-prover');

/** What Lambda runs functions on, as container images name it. */
export const ARCHITECTURES = ['arm64', 'amd64'] as const;
export type ArchitectureName = (typeof ARCHITECTURES)[number];

export const HOST_ARCHITECTURE: ArchitectureName = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** For Lambda: what `npm run build:prover -- --arch …` makes, by itself or in a container. */
export const staticProver = (architecture: ArchitectureName): string =>
  join(PROVER_CRATE, 'target', 'static', architecture, 'nightshift-prover');
