/** The derived keys of one circuit, as their row holds them. All contracts that have the circuit share them. */
import { z } from 'zod';
import { type Artifact, digest, sha256Hex } from '../artifacts/artifact.ts';
import { parameterSet } from '../circuits/parameter-set.ts';
import { ERROR_CODES } from '../errors.ts';
import { objectOf } from '../store/objects.ts';
import { keyOf } from '../store/row-keys.ts';
import { rowAt } from '../store/table.ts';
import { inNamespace } from './namespace.ts';

/** What the keys are made from. */
export const keysSource = z.object({
  id: z.string(),
  parameters: parameterSet,
  /** Canonical binary form. */
  zkir: digest,
  /** Keys that were uploaded: they are looked at instead of derived. */
  readyMade: z.object({ prover: sha256Hex, verifier: sha256Hex }).optional(),
});
export type KeysSource = z.infer<typeof keysSource>;

/** What came of deriving. */
export const derivedKeys = z.object({
  k: z.int(),
  provingBytes: z.int(),
  /** The prover key as Midnight writes it; its hash is the one that others know. */
  prover: digest,
  /** The prover key as it is stored. */
  stored: digest,
  verifier: digest,
  keygenMs: z.number(),
});
export type DerivedKeys = z.infer<typeof derivedKeys>;

const anyKeys = keysSource.extend({
  requestedAt: z.iso.datetime(),
  enqueuedAt: z.iso.datetime().optional(),
});

/** Who is at it, if somebody is. */
const holding = z.object({
  attempts: z.int().default(0),
  /** One attempt at deriving. */
  holder: z.string().optional(),
  /** The message that it came by. */
  message: z.string().optional(),
  /** Until then it is taken to be alive, in epoch milliseconds. */
  takenUntil: z.number().optional(),
});

const endedKeys = anyKeys.extend({ endedAt: z.iso.datetime() });

const keysSchema = z.discriminatedUnion('state', [
  anyKeys.extend({ state: z.literal('building'), ...holding.shape }),
  endedKeys.extend({ state: z.literal('ready'), ...derivedKeys.shape }),
  endedKeys.extend({
    state: z.literal('failed'),
    error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }),
  }),
]);
export type Keys = z.infer<typeof keysSchema>;
export type ReadyKeys = Extract<Keys, { state: 'ready' }>;

/** Which keys these are: equal sources, equal id. */
export function keysIdOf({ parameters, zkir, readyMade }: Omit<KeysSource, 'id'>): string {
  const parts = readyMade ? [zkir.sha256, readyMade.prover, readyMade.verifier] : [zkir.sha256];
  return inNamespace(parameters, parts.join('-'));
}

export async function readKeys(id: string): Promise<Keys | undefined> {
  const row = await rowAt(keyOf.artifact(id));
  return row && keysSchema.parse(row);
}

export const zkirOf = ({ id, zkir }: KeysSource): Artifact => ({
  sha256: zkir.sha256,
  object: objectOf.key(id, 'zkir'),
});

export const storedKeysOf = ({ id, stored, verifier }: ReadyKeys) => ({
  prover: { sha256: stored.sha256, object: objectOf.key(id, 'prover'), derived: true as const },
  verifier: { sha256: verifier.sha256, object: objectOf.key(id, 'verifier') },
});
