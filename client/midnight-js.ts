/** Nightshift as the prover of midnight-js. */
import { createProofProvider, type KeyMaterialProvider, type ProofProvider } from '@midnight-ntwrk/midnight-js-types';
import type { Nightshift } from './nightshift.ts';
import { type JobOptions, provingByCircuit, withFirstFailure } from './proving.ts';

/** As every ZKConfigProvider has it. */
type CircuitFiles = Pick<KeyMaterialProvider, 'getZKIR' | 'getVerifierKey'>;

/**
 * Takes the place of `httpClientProofProvider`. A circuit is registered when it is first called, with what
 * `zkConfigProvider` has of it; its prover key is neither fetched nor sent. `proveTx` rejects with NightshiftError, and
 * with TimeoutError after `timeout` ms if it is given one.
 */
export function nightshiftProofProvider(
  nightshift: Nightshift,
  zkConfigProvider: CircuitFiles,
  options: JobOptions = {},
): ProofProvider {
  const contractOf = registeringContracts(nightshift, zkConfigProvider);
  return {
    proveTx: (transaction, { timeout } = {}) =>
      withFirstFailure(
        (provider) => createProofProvider(provider).proveTx(transaction),
        (signal) => provingByCircuit(nightshift, contractOf, { ...options, signal }),
        timeout === undefined ? undefined : AbortSignal.timeout(timeout),
      ),
  };
}

/** Every circuit is a contract by itself: the provider has no list of them. */
function registeringContracts(nightshift: Nightshift, zkConfigProvider: CircuitFiles) {
  const contracts = new Map<string, Promise<string>>();

  async function register(circuit: string): Promise<string> {
    const [zkir, verifierKey] = await Promise.all([
      zkConfigProvider.getZKIR(circuit),
      zkConfigProvider.getVerifierKey(circuit),
    ]);
    return (await nightshift.push({ circuits: { [circuit]: { zkir, verifierKey } } })).id;
  }

  return async (circuit: string): Promise<string | undefined> => {
    if (isBuiltIn(circuit)) return undefined;
    const known = contracts.get(circuit);
    if (known) return known;
    const registered = register(circuit);
    contracts.set(circuit, registered);
    // The next call may have better luck.
    registered.catch(() => contracts.delete(circuit));
    return registered;
  };
}

/** The names of Midnight's own circuits have slashes, those of a contract have none. */
const isBuiltIn = (circuit: string): boolean => circuit.includes('/');
