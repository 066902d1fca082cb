/** How the prover itself fails, not what it was asked to do. */
import { NightshiftError } from '../errors.ts';

/** Another attempt, by a new process, may do better. */
export abstract class ProverFailure extends NightshiftError {}

/** Its process ended, and not for want of memory. */
export class ProverDiedError extends ProverFailure {
  constructor() {
    super('PROOF_GENERATION_FAILED', 'The prover ended unexpectedly.');
  }
}

/** It gave out a proof that does not hold. */
export class InvalidProofError extends ProverFailure {
  constructor() {
    super('PROOF_GENERATION_FAILED', 'The proof that was made does not verify, and was thrown away.');
  }
}
