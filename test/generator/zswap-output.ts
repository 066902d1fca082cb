/** A transaction with shielded outputs: circuit midnight/zswap/output, k=14, no binding input. */
import { type PreProof, Transaction, ZswapOffer, ZswapOutput, ZswapSecretKeys } from '@midnight-ntwrk/ledger-v8';
import { fresh, hex, positive, type Random } from './random.ts';
import { NETWORK, TestLedger } from './test-ledger.ts';
import type { Unproven } from './unproven.ts';

/** Coin and recipient are drawn from `random`; the package draws the randomness of the commitment's ciphertext itself. */
export function offerOfOutput(random: Random = fresh): ZswapOffer<PreProof> {
  const recipient = ZswapSecretKeys.fromSeed(random(32));
  const coin = { type: hex(random(32)), nonce: hex(random(32)), value: positive(random, 8) };
  return ZswapOffer.fromOutput(ZswapOutput.new(coin, 0, recipient.coinPublicKey, recipient.encryptionPublicKey));
}

export const unprovenZswapOutput = (random: Random = fresh): Unproven => unprovenZswapOutputs(1, random);

/** One offer of several outputs, each with a proof of its own. */
export function unprovenZswapOutputs(count: number, random: Random = fresh): Unproven {
  const offers = Array.from({ length: count }, () => offerOfOutput(random));
  const offer = offers.reduce((merged, next) => merged.merge(next));
  return { transaction: Transaction.fromParts(NETWORK, offer), ledger: new TestLedger() };
}
