/** Where a generator takes its randomness from: an argument, so that a seed repeats everything that is drawn here. */
import { createHash, randomBytes } from 'node:crypto';

/** Answers that many new random bytes. */
export type Random = (length: number) => Uint8Array;

/** Different at each call. */
export const fresh: Random = randomBytes;

/** The same bytes in the same order for the same seed. */
export function seeded(seed: string): Random {
  let draws = 0;
  return (length) => createHash('shake256', { outputLength: length }).update(`${draws++}:${seed}`).digest();
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** An integer from 1 to 256^`length`. */
export const positive = (random: Random, length: number): bigint => BigInt(`0x${hex(random(length))}`) + 1n;
