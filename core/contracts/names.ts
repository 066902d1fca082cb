/** How contracts and circuits are named. */
import * as z from 'zod';
import { MAX_CIRCUIT_NAME } from '../limits.ts';

/** A circuit's name: the key location in a preimage. */
export const circuitName = z.string().min(1).max(MAX_CIRCUIT_NAME).meta({
  description: 'The key location: a built-in circuit, such as midnight/zswap/output, or a circuit of the contract',
});

/** A contract's id is in every path that names it. */
export const contractId = z
  .string()
  .regex(/^(dev-)?[0-9a-f]{64}$/, 'must be the id of a contract')
  .meta({
    description: 'Id of a registered contract: the hash of its circuits',
  });

/** What stands for Midnight's own circuits where contracts are named, and begins their key locations. */
export const BUILT_IN_CONTRACT = 'midnight';

/** The names of Midnight's own circuits have slashes, those of a contract have none. */
export const isBuiltInName = (circuit: string): boolean => circuit.includes('/');

/** The contract that a circuit is in: a built-in one is in none, whichever is named beside it. */
export const contractHolding = (circuit: string | undefined, contract: string | undefined): string | undefined =>
  circuit !== undefined && isBuiltInName(circuit) ? undefined : contract;

const COMPACT_IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** As a name in a JSON object it is lost in JavaScript, here and at clients. */
const LOST_IN_OBJECTS = '__proto__';

/** As the Compact compiler names the circuits of a contract. */
export const isCircuitName = (name: string): boolean =>
  name.length <= MAX_CIRCUIT_NAME && COMPACT_IDENTIFIER.test(name) && name !== LOST_IN_OBJECTS;

export const CIRCUIT_NAME_RULE = `circuits are named by Compact identifiers: letters, digits, _ and $, up to ${MAX_CIRCUIT_NAME} characters, and not ${LOST_IN_OBJECTS}`;
