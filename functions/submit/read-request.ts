import { z } from 'zod';
import type { CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { builtInCircuit } from '../../core/circuits/builtin.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { NightshiftError } from '../../core/errors.ts';
import { parse } from '../../core/http/event.ts';
import type { NewJob } from '../../core/jobs/admit.ts';
import { circuitName, type Operation } from '../../core/jobs/job.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import type { Answer } from '../../core/prover/protocol.ts';

type Request = Pick<NewJob, 'witness' | 'circuit' | 'k' | 'inlined'>;

/**
 * Takes a tagged request body apart; keys that it brings are stored by their hash.
 *
 * @throws NightshiftError INVALID_REQUEST in the reference's words; CIRCUIT_NOT_FOUND if it neither brings keys nor names
 *   a built-in circuit.
 */
export async function readRequest(operation: Operation, body: Uint8Array): Promise<Request> {
  const { preimage, keyLocation, inlined, k } = await nativeProver().ask('inspect', { endpoint: operation, body });
  const circuit = parse(z.object({ keyLocation: circuitName }), { keyLocation }).keyLocation;
  if (inlined) return { witness: preimage, circuit, k: z.int().parse(k), inlined: await storeAll(inlined) };
  return { witness: preimage, ...knownCircuit(circuit) };
}

/** @throws NightshiftError CIRCUIT_NOT_FOUND */
export function knownCircuit(circuit: string): Pick<Request, 'circuit' | 'k'> {
  const builtIn = builtInCircuit(circuit);
  if (!builtIn) {
    throw new NightshiftError(
      'CIRCUIT_NOT_FOUND',
      `No circuit ${circuit} here, and the request brings no keys for it.`,
    );
  }
  return { circuit, k: builtIn.k };
}

type InlinedBytes = NonNullable<Answer<'inspect'>['inlined']>;

async function storeAll({ ir, prover, verifier }: InlinedBytes): Promise<Partial<CircuitArtifacts>> {
  const [zkir, proverKey, verifierKey] = await Promise.all(
    [ir, prover, verifier].map((bytes) => bytes && storeInlined(bytes)),
  );
  return { zkir, prover: proverKey, verifier: verifierKey };
}
