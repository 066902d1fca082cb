/** Nightshift as the prover of midnight-js. */
import type { ProvingProvider } from '@midnight-ntwrk/ledger-v8';
import { createProofProvider, type KeyMaterialProvider, type ProofProvider } from '@midnight-ntwrk/midnight-js-types';
import { isBuiltInName } from '../core/contracts/names.ts';
import { NightshiftError } from './error.ts';
import type { Nightshift } from './nightshift.ts';
import { type JobOptions, provingByCircuit, withFirstFailure } from './proving.ts';

/** As every ZKConfigProvider has it. */
type CircuitFiles = Pick<KeyMaterialProvider, 'getZKIR' | 'getVerifierKey'>;

/**
 * Takes the place of `httpClientProofProvider`. A circuit is registered when it is first called, with what
 * `zkConfigProvider` has of it; its prover key is neither fetched nor sent. `proveTx` rejects with NightshiftError, and
 * with TimeoutError after `timeout` ms if it is given one: a registration goes on, for the next call.
 */
export function nightshiftProofProvider(
  nightshift: Nightshift,
  zkConfigProvider: CircuitFiles,
  options: JobOptions = {},
): ProofProvider {
  const contracts = registeredContracts(nightshift, zkConfigProvider);
  return {
    proveTx: (transaction, { timeout } = {}) =>
      withFirstFailure(
        (provider) => createProofProvider(provider).proveTx(transaction),
        (signal) => registeringAgain(contracts, provingByCircuit(nightshift, contracts.of, { ...options, signal })),
        timeout === undefined ? undefined : AbortSignal.timeout(timeout),
      ),
  };
}

interface Contracts {
  of(circuit: string): Promise<string | undefined>;
  forget(circuit: string): void;
}

/** Every circuit is a contract by itself: the provider has no list of them. */
function registeredContracts(nightshift: Nightshift, zkConfigProvider: CircuitFiles): Contracts {
  const contracts = new Map<string, Promise<string>>();

  async function register(circuit: string): Promise<string> {
    const [zkir, verifierKey] = await Promise.all([
      zkConfigProvider.getZKIR(circuit),
      zkConfigProvider.getVerifierKey(circuit),
    ]);
    return (await nightshift.push({ circuits: { [circuit]: { zkir, verifierKey } } })).id;
  }

  return {
    async of(circuit) {
      if (isBuiltInName(circuit)) return undefined;
      const known = contracts.get(circuit);
      if (known) return known;
      const registered = register(circuit);
      contracts.set(circuit, registered);
      // The next call may have better luck.
      registered.catch(() => contracts.delete(circuit));
      return registered;
    },
    forget: (circuit) => contracts.delete(circuit),
  };
}

/** A page outlives the contracts of a deployment that is set up anew: what is not there any more is registered once more. */
function registeringAgain({ forget }: Contracts, { check, prove }: ProvingProvider): ProvingProvider {
  async function twice<T>(circuit: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof NightshiftError) || error.code !== 'CONTRACT_NOT_FOUND') throw error;
      forget(circuit);
      return ask();
    }
  }
  return {
    check: (preimage, circuit) => twice(circuit, () => check(preimage, circuit)),
    prove: (preimage, circuit, bindingInput) => twice(circuit, () => prove(preimage, circuit, bindingInput)),
  };
}
