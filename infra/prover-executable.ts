import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PROVER_CRATE = join(import.meta.dirname, '..', 'layers', 'prover');

/** Of this machine, for development: what `npm run build:prover` makes, and what the local stack runs. */
export const PROVER_EXECUTABLE = join(PROVER_CRATE, 'target', 'release', 'nightshift-prover');

/** What Lambda runs functions on, as container images name it. */
export const ARCHITECTURES = ['arm64', 'amd64'] as const;
export type ArchitectureName = (typeof ARCHITECTURES)[number];

/** As ELF numbers them, two bytes at the eighteenth. */
const MACHINES: Record<ArchitectureName, number> = { arm64: 183, amd64: 62 };

/** What a Linux executable is for; undefined if the file is none for either. */
export function machineOf(file: string): ArchitectureName | undefined {
  const header = readFileSync(file).subarray(0, 20);
  if (header.length < 20 || header.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  return ARCHITECTURES.find((name) => MACHINES[name] === header.readUInt16LE(18));
}

export const HOST_ARCHITECTURE: ArchitectureName = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** For Lambda: what `npm run build:prover -- --arch …` makes, by itself or in a container. */
export const staticProver = (architecture: ArchitectureName): string =>
  join(PROVER_CRATE, 'target', 'static', architecture, 'nightshift-prover');
