/** A contract as `/v1` shows it. */
import pLimit from 'p-limit';
import { NightshiftError } from '../errors.ts';
import { provingLane } from '../jobs/lane-of.ts';
import { type Keys, readKeys } from '../keys/keys.ts';
import { mismatchOf } from '../keys/mismatch.ts';
import { parametersOf } from '../keys/namespace.ts';
import { type ContractCircuit, readContract } from './contract.ts';
import { developmentNote } from './development.ts';

const AT_ONCE = 16;

/** Sizes are bytes, times milliseconds. @throws NightshiftError CONTRACT_NOT_FOUND */
export async function contractView(id: string) {
  const contract = await readContract(id);
  if (!contract) throw new NightshiftError('CONTRACT_NOT_FOUND', `No contract ${id}. Register it: POST /v1/contracts.`);
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

function circuitView({ k, provingBytes, zkir, verifier }: ContractCircuit, keys: Keys | undefined) {
  const known = {
    k,
    lane: provingLane('prove', { k, provingBytes }).name,
    zkirSha256: zkir.sha256,
    zkirBytes: zkir.bytes,
    verifierKeySha256: verifier?.sha256,
    verifierKeyBytes: verifier?.bytes,
  };
  if (keys?.state === 'failed') return { state: keys.state, ...known, error: keys.error };
  if (keys?.state !== 'ready') return { state: 'building' as const, ...known };
  const derived = {
    proverKeySha256: keys.prover.sha256,
    proverKeyBytes: keys.prover.bytes,
    verifierKeySha256: keys.verifier.sha256,
    verifierKeyBytes: keys.verifier.bytes,
    keygenMs: Math.round(keys.keygenMs),
  };
  const error = mismatchOf(keys, verifier?.sha256);
  return error ? { state: 'failed' as const, ...known, error } : { state: keys.state, ...known, ...derived };
}

const stateOf = (circuits: Keys['state'][]): Keys['state'] =>
  circuits.find((state) => state === 'building') ?? circuits.find((state) => state === 'failed') ?? 'ready';
