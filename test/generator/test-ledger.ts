/** A ledger in memory: it brings about the states that transactions build on, and says whether a proven one is valid. */
import {
  type Bindingish,
  type Event,
  LedgerState,
  type Proof,
  type Proofish,
  type Signaturish,
  type Transaction,
  TransactionContext,
  WellFormedStrictness,
} from '@midnight-ntwrk/ledger-v8';

export const NETWORK = 'undeployed';

/** Fees and balance are none of a prover's business, and no test here pays them. */
function strictness(check: { signatures: boolean; proofs: boolean }): WellFormedStrictness {
  const result = new WellFormedStrictness();
  result.enforceBalancing = false;
  result.verifySignatures = check.signatures;
  result.verifyNativeProofs = check.proofs;
  result.verifyContractProofs = check.proofs;
  return result;
}

export class TestLedger {
  state = LedgerState.blank(NETWORK);
  time = new Date('2026-01-01T00:00:00Z');

  /** Applies a transaction without asking for its proofs or signatures; throws where its content is at fault. */
  apply(transaction: Transaction<Signaturish, Proofish, Bindingish>): Event[] {
    const verified = transaction.wellFormed(this.state, strictness({ signatures: false, proofs: false }), this.time);
    const [state, result] = this.state.apply(verified, this.#context());
    if (result.type !== 'success') throw new Error(`The ledger refused a transaction: ${result.error}`);
    this.state = state;
    this.advance(6);
    return result.events;
  }

  /** Ends the block, and lets that many seconds pass before the next. */
  advance(seconds: number): void {
    this.time = new Date(this.time.getTime() + seconds * 1000);
    this.state = this.state.postBlockUpdate(this.time);
  }

  /**
   * Throws unless a proven transaction is valid. Of its proofs that takes in those of zswap alone: the package is built
   * without the verification of the others.
   */
  assertValid(transaction: Transaction<Signaturish, Proof, Bindingish>): void {
    transaction.wellFormed(this.state, strictness({ signatures: true, proofs: true }), this.time);
  }

  #context(): TransactionContext {
    const secondsSinceEpoch = BigInt(this.time.getTime() / 1000);
    return new TransactionContext(this.state, {
      secondsSinceEpoch,
      secondsSinceEpochErr: 0,
      parentBlockHash: '00'.repeat(32),
      lastBlockTime: secondsSinceEpoch - 6n,
    });
  }
}
