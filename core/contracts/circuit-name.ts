/** What the circuits of a contract may be called. */
import { MAX_CIRCUIT_NAME } from '../limits.ts';

const COMPACT_IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** As the Compact compiler names circuits. */
export const isCircuitName = (name: string): boolean =>
  name.length <= MAX_CIRCUIT_NAME && COMPACT_IDENTIFIER.test(name);

export const CIRCUIT_NAME_RULE = `circuits are named by Compact identifiers: letters, digits, _ and $, up to ${MAX_CIRCUIT_NAME} characters`;
