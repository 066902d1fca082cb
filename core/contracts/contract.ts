/** A contract: named circuits. What its rows say never changes; the keys of its circuits have rows of their own. */
import { createHash } from 'node:crypto';
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { digest } from '../artifacts/artifact.ts';
import type { ParameterSet } from '../circuits/params.ts';
import { tableName } from '../config.ts';
import { inNamespace } from '../keys/namespace.ts';
import { keyOf, table } from '../store/table.ts';

/** The contract's id is in every path that names it. */
export const contractIdSchema = z.string().regex(/^(dev-)?[0-9a-f]{64}$/, 'must be the id of a contract');

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

const contractRow = z.object({ id: contractIdSchema, createdAt: z.iso.datetime() });
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
  return inNamespace(parameters, createHash('sha256').update(JSON.stringify(canonical)).digest('hex'));
}

/** @returns undefined if there is no such contract. */
export async function readContract(id: string): Promise<Contract | undefined> {
  const { PK } = keyOf.contract(id);
  const pages = paginateQuery(
    { client: table },
    {
      TableName: tableName(),
      KeyConditionExpression: 'PK = :contract',
      ExpressionAttributeValues: { ':contract': PK },
      ConsistentRead: true,
    },
  );
  const rows: Record<string, unknown>[] = [];
  for await (const { Items } of pages) rows.push(...(Items ?? []));
  // Written last: without it, a registration broke off.
  const contract = rows.find(({ SK }) => SK === keyOf.contract(id).SK);
  if (!contract) return undefined;
  const circuits = z.array(circuitRow).parse(rows.filter((row) => row !== contract));
  return { ...contractRow.parse(contract), circuits };
}

/** @returns undefined if the contract has no such circuit. */
export async function readCircuit(contract: string, name: string): Promise<ContractCircuit | undefined> {
  const { Item } = await table.send(
    new GetCommand({ TableName: tableName(), Key: keyOf.circuit(contract, name), ConsistentRead: true }),
  );
  return Item && circuitRow.parse(Item);
}

/** The rows of a contract, in the order in which they are to be written. */
export const rowsOf = ({ circuits, ...contract }: Contract): Record<string, unknown>[] => [
  ...circuits.map((circuit) => ({ ...keyOf.circuit(contract.id, circuit.name), ...circuit })),
  { ...keyOf.contract(contract.id), ...contract },
];
