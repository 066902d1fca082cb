import type { ParameterSet } from '../circuits/parameter-set.ts';
import { InvalidProofError } from './failures.ts';
import type { NativeProver } from './native-prover.ts';
import type { Answer, Arguments } from './protocol.ts';

export interface VerifiedProof extends Answer<'prove'> {
  verifyMs: number;
}

/**
 * Has a proof made, and then has the very bytes that came back verified: whatever goes wrong with them after they were made
 * is found, too.
 *
 * @param signal kills the prover when it aborts.
 * @throws InvalidProofError if it does not hold. The prover has been stopped then: what is in its memory can't be trusted.
 *   What `NativeProver.ask` throws.
 */
export async function verifiedProof(
  native: NativeProver,
  request: Arguments<'prove'>,
  parameters: ParameterSet,
  signal?: AbortSignal,
): Promise<VerifiedProof> {
  const answer = await native.ask('prove', request, signal);
  const { proof, statement } = answer;
  const claims = [{ proof, statement, verifier: request.verifier }];
  const start = performance.now();
  const { verdicts } = await native.ask(
    'verify',
    parameters === 'development' ? { claims, development: true } : { claims },
    signal,
  );
  if (!verdicts[0]?.valid) {
    await native.stop();
    throw new InvalidProofError();
  }
  return { ...answer, verifyMs: performance.now() - start };
}
