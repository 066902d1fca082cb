/** The recorded preimages in test/data: what each is of, and what a check answers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PROJECT } from '../../local/paths.ts';
import { isBuiltIn } from './circuits.ts';

const FOLDER = join(PROJECT, 'test/data/preimages');

const entry = z.object({
  name: z.string(),
  circuit: z.string(),
  keyLocation: z.string(),
  /** For each group of public inputs, how many of them are skipped; or why the check fails. */
  check: z.union([z.array(z.int().nullable()), z.string()]),
});

const entries = z.array(entry).parse(JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')));

const recorded = entries.map(({ name, circuit, keyLocation, check }) => ({
  name,
  circuit: isBuiltIn(keyLocation) ? keyLocation : circuit,
  keyLocation,
  /** Tagged `midnight:proof-preimage:`. */
  preimage: Uint8Array.from(readFileSync(join(FOLDER, `${name}.preimage.bin`))),
  check,
}));

/** Those that satisfy their circuit. */
export const SATISFYING = recorded.flatMap(({ check, ...one }) =>
  typeof check === 'string'
    ? []
    : [{ ...one, check: check.map((skipped) => (skipped === null ? undefined : BigInt(skipped))) }],
);

/** Those that don't. */
export const FAILING = recorded.filter(({ check }) => typeof check === 'string');

/** The preimage of that name. */
export function recordedPreimage(wanted: string): Uint8Array {
  const found = recorded.find(({ name }) => name === wanted);
  if (!found) throw new Error(`No preimage ${wanted} was recorded.`);
  return found.preimage;
}
