/** The keys of a contract's circuits while they are derived. */
import type { CircuitView, ContractView } from '../core/api/contracts.ts';
import { durationOf, sizeOf } from './print.ts';
import { sideBySide } from './progress.ts';

/**
 * Shows a task for each circuit.
 *
 * @param views the contract as it gets on
 * @returns the last of them.
 */
export async function showKeys(contract: ContractView, views: AsyncIterable<ContractView>): Promise<ContractView> {
  const width = Math.max(...Object.keys(contract.circuits).map(({ length }) => length));
  const titleOf = (name: string, circuit: CircuitView) => `${name.padEnd(width)}  ${described(circuit)}`;
  const circuits = Object.entries(contract.circuits).map(([name, circuit]) => ({
    name,
    title: titleOf(name, circuit),
    end: Promise.withResolvers<CircuitView>(),
  }));
  const shown = sideBySide(
    circuits.map(({ name, title, end }) => ({
      title,
      async work({ retitle }) {
        const circuit = await end.promise;
        retitle(titleOf(name, circuit));
        if (circuit.error) throw new Error(circuit.error.message);
      },
    })),
  );
  let latest = contract;
  try {
    for await (latest of views) {
      for (const { name, end } of circuits) {
        const circuit = latest.circuits[name];
        if (circuit && circuit.state !== 'building') end.resolve(circuit);
      }
    }
  } catch (error) {
    for (const { end } of circuits) end.reject(error);
    throw error;
  } finally {
    await shown;
  }
  return latest;
}

function described(circuit: CircuitView): string {
  const { k, lane, zkirBytes, verifierKeyBytes, proverKeyBytes, keygenMs } = circuit;
  return [
    `k=${k}`,
    lane,
    `ZKIR ${sizeOf(zkirBytes)}`,
    verifierKeyBytes && `verifier key ${sizeOf(verifierKeyBytes)}`,
    proverKeyBytes && `prover key ${sizeOf(proverKeyBytes)}`,
    keygenMs !== undefined && `derived in ${durationOf(keygenMs)}`,
  ]
    .filter(Boolean)
    .join(' · ');
}
