/** A contract: named circuits. What its rows say never changes; the keys of its circuits have rows of their own. */
import { z } from 'zod';
import { digest } from '../artifacts/artifact.ts';
import { sha256Of } from '../artifacts/sha256.ts';
import type { ParameterSet } from '../circuits/parameter-set.ts';
import { tableName } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { inNamespace } from '../keys/namespace.ts';
import { keyOf } from '../store/row-keys.ts';
import { rowAt, rowsIn, transact } from '../store/table.ts';
import { contractId } from './names.ts';

const circuitRow = z.object({
  name: z.string(),
  k: z.int(),
  provingBytes: z.int(),
  zkir: digest,
  /** The verifier key that was given. */
  verifier: digest.optional(),
  keysId: z.string(),
});
export type ContractCircuit = z.infer<typeof circuitRow>;

/** DynamoDB's limit for one transaction. */
const ROWS_AT_ONCE = 100;

const contractRow = z.object({ id: contractId, createdAt: z.iso.datetime() });
export type Contract = z.infer<typeof contractRow> & { circuits: ContractCircuit[] };

/** What makes a contract this contract. */
export interface CircuitIdentity {
  name: string;
  zkirSha256: string;
  verifierSha256?: string;
  /** Of a ready-made prover key. */
  proverSha256?: string;
}

/** SHA-256 over the circuits, sorted by name: equal circuits, equal contract, whoever registers it. */
export function contractIdOf(circuits: CircuitIdentity[], parameters: ParameterSet): string {
  const canonical = circuits
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, zkirSha256, verifierSha256, proverSha256 }) => [
      name,
      zkirSha256,
      verifierSha256 ?? null,
      ...(proverSha256 ? [proverSha256] : []),
    ]);
  return inNamespace(parameters, sha256Of(JSON.stringify(canonical)));
}

/** @returns undefined if there is no such contract. */
export async function readContract(id: string): Promise<Contract | undefined> {
  const { PK, SK: contractSK } = keyOf.contract(id);
  const rows = await rowsIn(PK);
  // Written last: without it, a registration broke off.
  const contract = rows.find(({ SK }) => SK === contractSK);
  if (!contract) return undefined;
  const circuits = z.array(circuitRow).parse(rows.filter((row) => row !== contract));
  return { ...contractRow.parse(contract), circuits };
}

export const contractNotFound = (id: string): NightshiftError =>
  new NightshiftError('CONTRACT_NOT_FOUND', `No contract ${id} here. Register it: POST /v1/contracts.`);

/**
 * Also answers while the contract itself is not written yet, or if its registration broke off there. The circuit is no
 * other then: the contract's id is the hash of its circuits, and their keys have been asked for before.
 *
 * @throws NightshiftError CONTRACT_NOT_FOUND; CIRCUIT_NOT_FOUND if the contract has no such circuit.
 */
export async function readCircuit(contract: string, name: string): Promise<ContractCircuit> {
  const circuit = await rowAt(keyOf.circuit(contract, name));
  if (circuit) return circuitRow.parse(circuit);
  if (!(await rowAt(keyOf.contract(contract)))) throw contractNotFound(contract);
  throw new NightshiftError('CIRCUIT_NOT_FOUND', `No circuit ${name} in contract ${contract} here.`);
}

/** Writes the circuits, then the contract. One that is there already keeps the time of its first registration. */
export async function writeContract({ circuits, ...contract }: Contract): Promise<void> {
  const puts = circuits.map((circuit) => putOf({ ...keyOf.circuit(contract.id, circuit.name), ...circuit }));
  for (let first = 0; first < puts.length; first += ROWS_AT_ONCE) {
    await transact(puts.slice(first, first + ROWS_AT_ONCE));
  }
  const { Put } = putOf({ ...keyOf.contract(contract.id), ...contract });
  await transact([{ Put: { ...Put, ConditionExpression: 'attribute_not_exists(PK)' } }]);
}

const putOf = (Item: Record<string, unknown>) => ({ Put: { TableName: tableName(), Item } });
