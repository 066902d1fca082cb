import type { z } from 'zod';
import type { verdict } from '../api/circuits.ts';
import { withArtifacts } from '../artifacts/at-hand.ts';
import { CorruptObjectError, MissingObjectError } from '../artifacts/damage.ts';
import { noteOn } from '../contracts/development.ts';
import { type ReadyKeys, storedKeysOf } from '../keys/keys.ts';
import { replaceDamaged } from '../keys/usable.ts';
import type { NativeProver } from '../prover/native-prover.ts';
import type { ArtifactFile } from '../prover/protocol.ts';
import type { Claim } from './claim.ts';

export type Verdict = z.infer<typeof verdict>;

/**
 * Verifies claims together: those on Midnight's parameters, and those on development parameters, each in one multi-proof
 * verification.
 *
 * @param signal stops the download of verifier keys.
 * @returns a verdict for each claim, in their order.
 * @throws NightshiftError INTERNAL if stored keys are damaged; TIMEOUT.
 */
export async function verifyClaims(native: NativeProver, claims: Claim[], signal: AbortSignal): Promise<Verdict[]> {
  const verdicts = new Map<Claim, Verdict>();
  for (const together of Map.groupBy(claims, ({ keys }) => keys.parameters).values()) {
    const found = await verifyTogether(native, together, signal);
    for (const [index, claim] of together.entries()) {
      verdicts.set(claim, { ...(found[index] as Verdict), ...noteOn(claim.keys.parameters) });
    }
  }
  return claims.map((claim) => verdicts.get(claim) as Verdict);
}

/** All on the same parameters. */
async function verifyTogether(native: NativeProver, claims: Claim[], signal: AbortSignal): Promise<Verdict[]> {
  const verifiers = Object.fromEntries(claims.map(({ keys }) => [verifierOf(keys).sha256, verifierOf(keys)]));
  const development = claims.some(({ keys }) => keys.parameters === 'development');
  const ask = (files: Record<string, ArtifactFile>) =>
    native.ask('verify', {
      claims: claims.map(({ proof, statement, keys }) => ({
        proof,
        statement,
        verifier: files[verifierOf(keys).sha256] as ArtifactFile,
      })),
      ...(development && { development }),
    });
  try {
    return (await withArtifacts(native, verifiers, ask, signal)).answer.verdicts;
  } catch (error) {
    if (error instanceof CorruptObjectError || error instanceof MissingObjectError) {
      const { object } = error.artifact;
      const damaged = claims.find(({ keys }) => verifierOf(keys).object === object);
      if (damaged) await replaceDamaged(damaged.keys);
    }
    throw error;
  }
}

const verifierOf = (keys: ReadyKeys) => storedKeysOf(keys).verifier;
