import type { ErrorCode } from '../errors.ts';
import type { ReadyKeys } from './keys.ts';

/** What is wrong if the verifier key that was given for a circuit is not the one that was derived for it. */
export function mismatchOf(
  { k, verifier: derived }: ReadyKeys,
  givenSha256: string | undefined,
): { code: ErrorCode; message: string } | undefined {
  if (!givenSha256 || givenSha256 === derived.sha256) return undefined;
  return {
    code: 'KEY_MISMATCH',
    message:
      `The verifier key derived from the ZKIR (k=${k}) has SHA-256 ${derived.sha256}, the one given ${givenSha256}. ` +
      'Likely they come from different compilations: compile the contract again, and register zkir/ and keys/ of the same run.',
  };
}
