/** A contract as `/v1` shows it. */
import pLimit from 'p-limit';
import type { CircuitView, ContractView } from '../api/contracts.ts';
import { NightshiftError, publicError } from '../errors.ts';
import { provingLane } from '../jobs/lane-of.ts';
import { type Keys, readKeys } from '../keys/keys.ts';
import { mismatchOf } from '../keys/mismatch.ts';
import { parametersOf } from '../keys/namespace.ts';
import type { CircuitSize } from '../lanes.ts';
import { type ContractCircuit, contractNotFound, readContract } from './contract.ts';
import { developmentNote } from './development.ts';

const AT_ONCE = 16;

/** @throws NightshiftError CONTRACT_NOT_FOUND */
export async function contractView(id: string): Promise<ContractView> {
  const contract = await readContract(id);
  if (!contract) throw contractNotFound(id);
  const circuits = await pLimit(AT_ONCE).map(
    contract.circuits,
    async (circuit) => [circuit.name, circuitView(circuit, await readKeys(circuit.keysId))] as const,
  );
  return {
    id,
    state: stateOf(circuits.map(([, { state }]) => state)),
    parameters: parametersOf(id),
    ...developmentNote(id),
    createdAt: contract.createdAt,
    circuits: Object.fromEntries(circuits),
    links: { self: `/v1/contracts/${id}`, prefix: `/contracts/${id}` },
  };
}

function circuitView(circuit: ContractCircuit, keys: Keys | undefined): CircuitView {
  const { k, provingBytes, zkir, verifier } = circuit;
  const { lane, error } = laneOrError({ k, provingBytes });
  const known = {
    k,
    lane,
    zkirSha256: zkir.sha256,
    zkirBytes: zkir.bytes,
    verifierKeySha256: verifier?.sha256,
    verifierKeyBytes: verifier?.bytes,
    requestedAt: keys?.requestedAt,
  };
  if (error) return { state: 'failed', ...known, error };
  if (keys === undefined || keys.state === 'building') return { state: 'building', ...known };
  const ended = { ...known, endedAt: keys.endedAt };
  if (keys.state === 'failed') return { state: keys.state, ...ended, error: keys.error };
  const mismatch = mismatchOf(keys, verifier?.sha256);
  if (mismatch) return { state: 'failed', ...ended, error: mismatch };
  return {
    state: keys.state,
    ...ended,
    proverKeySha256: keys.prover.sha256,
    proverKeyBytes: keys.prover.bytes,
    verifierKeySha256: keys.verifier.sha256,
    verifierKeyBytes: keys.verifier.bytes,
    keygenMs: Math.round(keys.keygenMs),
  };
}

/** A circuit that was taken may be too large for the lanes of a later deployment. */
function laneOrError(size: CircuitSize) {
  try {
    return { lane: provingLane({ operation: 'prove', ...size }).name };
  } catch (error) {
    if (error instanceof NightshiftError) return { error: publicError(error) };
    throw error;
  }
}

const stateOf = (circuits: Keys['state'][]): Keys['state'] =>
  circuits.find((state) => state === 'building') ?? circuits.find((state) => state === 'failed') ?? 'ready';
