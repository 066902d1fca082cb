/** What is built on development parameters: allowed only where switched on, and said wherever it is answered. */
import type { ParameterSet } from '../circuits/params.ts';
import { allowsDevelopmentParameters } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import { parametersOf } from '../keys/namespace.ts';

export const DEVELOPMENT_WARNING =
  'INSECURE: made with development parameters, whose secret is public. Anyone can forge such proofs; no Midnight network takes them.';

/** @throws NightshiftError FORBIDDEN */
export function expectAllowed(parameters: ParameterSet): void {
  if (parameters === 'midnight' || allowsDevelopmentParameters()) return;
  throw new NightshiftError('FORBIDDEN', 'Development parameters are insecure, and switched off in this deployment.');
}

/** Stands in every answer about what is made with development parameters. */
export const noteOn = (parameters: ParameterSet): { parameters?: ParameterSet; warning?: string } =>
  parameters === 'development' ? { parameters, warning: DEVELOPMENT_WARNING } : {};

/** Stands in every answer about such a contract. */
export const developmentNote = (contractId: string | undefined): ReturnType<typeof noteOn> =>
  contractId ? noteOn(parametersOf(contractId)) : {};
