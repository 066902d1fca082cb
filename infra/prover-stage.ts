import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { PROVER_CRATE } from './prover-executable.ts';

const DOCKERFILE = join(import.meta.dirname, '..', 'functions', 'prove', 'Dockerfile');

/** What the prover is compiled from. */
const SOURCES = ['build-static', 'requirements.txt', 'Cargo.toml', 'Cargo.lock', 'src', 'assets'];

/** Makes the folder the build context of prove's image, as far as the stage that compiles the prover. */
export function layProverStage(directory: string): void {
  cpSync(DOCKERFILE, join(directory, 'Dockerfile'));
  for (const part of SOURCES) {
    cpSync(join(PROVER_CRATE, part), join(directory, 'prover', part), { recursive: true });
  }
}
