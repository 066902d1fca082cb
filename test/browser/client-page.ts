/** What a dApp's page runs that has Nightshift prove its transactions. */
import { CostModel, Transaction } from '@midnight-ntwrk/ledger-v8';
import { Nightshift } from 'nightshift-client';
import { provingProvider } from 'nightshift-client/ledger';
import { recording } from '../e2e/recording.ts';

/** Has a transaction proven. @returns the proofs that were made for it, and the transaction. */
async function prove(url: string, unproven: Uint8Array, circuits: Record<string, string>) {
  const nightshift = new Nightshift({ url, apiKey: 'key' });
  const files = Object.entries(circuits).map(([name, zkir]) => [name, { zkir }]);
  const { id: contract } = await nightshift.push({ circuits: Object.fromEntries(files) });
  const { provider, proofs } = recording(provingProvider(nightshift, { contract }));
  const transaction = Transaction.deserialize('signature', 'pre-proof', 'pre-binding', unproven);
  const proven = await transaction.prove(provider, CostModel.initialCostModel());
  return { proofs, proven: proven.serialize() };
}

const page = { prove };
export type Page = typeof page;
Object.assign(globalThis, page);
