/** What the circuits of a contract may be called. */
import { MAX_CIRCUIT_NAME } from '../limits.ts';

const COMPACT_IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** As a name in a JSON object it is lost in JavaScript, here and at clients. */
const LOST_IN_OBJECTS = '__proto__';

/** As the Compact compiler names circuits. */
export const isCircuitName = (name: string): boolean =>
  name.length <= MAX_CIRCUIT_NAME && COMPACT_IDENTIFIER.test(name) && name !== LOST_IN_OBJECTS;

export const CIRCUIT_NAME_RULE = `circuits are named by Compact identifiers: letters, digits, _ and $, up to ${MAX_CIRCUIT_NAME} characters, and not ${LOST_IN_OBJECTS}`;
