/** A transaction with one shielded output: circuit midnight/zswap/output, k=14, no binding input. */
import { Transaction, ZswapOffer, ZswapOutput, ZswapSecretKeys } from '@midnight-ntwrk/ledger-v8';
import { fresh, hex, positive, type Random } from './random.ts';
import { NETWORK, TestLedger } from './test-ledger.ts';
import type { Unproven } from './unproven.ts';

/** Coin and recipient are drawn from `random`; the package draws the randomness of the commitment's ciphertext itself. */
export function unprovenZswapOutput(random: Random = fresh): Unproven {
  const recipient = ZswapSecretKeys.fromSeed(random(32));
  const coin = { type: hex(random(32)), nonce: hex(random(32)), value: positive(random, 8) };
  const output = ZswapOutput.new(coin, 0, recipient.coinPublicKey, recipient.encryptionPublicKey);
  const transaction = Transaction.fromParts(NETWORK, ZswapOffer.fromOutput(output));
  return { transaction, ledger: new TestLedger() };
}
