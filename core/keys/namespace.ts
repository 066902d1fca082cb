/** What is made with development parameters has ids that tell, keys and contracts alike. */
import type { ParameterSet } from '../circuits/parameter-set.ts';

const DEVELOPMENT_PREFIX = 'dev-';

export const inNamespace = (parameters: ParameterSet, id: string): string =>
  parameters === 'development' ? `${DEVELOPMENT_PREFIX}${id}` : id;

/** @param id of keys or of a contract. */
export const parametersOf = (id: string): ParameterSet =>
  id.startsWith(DEVELOPMENT_PREFIX) ? 'development' : 'midnight';
