/** What is built on development parameters: allowed only where switched on, and said wherever it is answered. */
import type { ParameterSet } from '../circuits/params.ts';
import { allowsDevelopmentParameters } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { parametersOf } from '../keys/keys.ts';

const WARNING =
  'INSECURE: made with development parameters, whose secret is public. Anyone can forge such proofs; no Midnight network takes them.';

/** @throws NightshiftError FORBIDDEN */
export function expectAllowed(parameters: ParameterSet): void {
  if (parameters === 'midnight' || allowsDevelopmentParameters()) return;
  throw new NightshiftError('FORBIDDEN', 'Development parameters are insecure, and switched off in this deployment.');
}

/** Stands in every answer about such a contract. */
export const developmentNote = (contractId: string | undefined): { parameters?: ParameterSet; warning?: string } =>
  contractId && parametersOf(contractId) === 'development' ? { parameters: 'development', warning: WARNING } : {};
