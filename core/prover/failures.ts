/** How the prover itself fails, not what it was asked to do. */
import { type ErrorCode, NightshiftError } from '../errors.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';

/** Another attempt, by a new process, may do better. */
export abstract class ProverFailure extends NightshiftError {
  constructor(code: ErrorCode, message: string) {
    super(code, message, { retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}

/** Its process ended for want of memory. */
export class OutOfMemoryError extends ProverFailure {
  constructor() {
    super('OUT_OF_MEMORY', 'The prover ran out of memory.');
  }
}

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
