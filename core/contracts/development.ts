/** What is built on development parameters: allowed only where switched on, and said wherever it is answered. */
import type { ParameterSet } from '../circuits/parameter-set.ts';
import { allowsDevelopmentParameters } from '../config.ts';
import { NightshiftError } from '../errors.ts';
import type { Job } from '../jobs/job.ts';
import { parametersOf } from '../keys/namespace.ts';

export const DEVELOPMENT_WARNING =
  'INSECURE: made with development parameters, whose secret is public. Anyone can forge such proofs; no Midnight network takes them.';

/** @throws NightshiftError FORBIDDEN */
export function expectAllowed(parameters: ParameterSet): void {
  if (parameters === 'midnight' || allowsDevelopmentParameters()) return;
  throw new NightshiftError('FORBIDDEN', 'Development parameters are insecure, and switched off in this deployment.');
}

export interface DevelopmentNote {
  parameters?: ParameterSet;
  warning?: string;
}

/** Stands in every answer about what is made with development parameters. */
export const noteOn = (parameters: ParameterSet): DevelopmentNote =>
  parameters === 'development' ? { parameters, warning: DEVELOPMENT_WARNING } : {};

/** Stands in every answer about such a contract. */
export const developmentNote = (contractId: string | undefined): DevelopmentNote =>
  contractId ? noteOn(parametersOf(contractId)) : {};

/** Stands in every answer about such a job. */
export const noteOnJob = (job: Job): DevelopmentNote =>
  job.operation === 'transaction' ? {} : developmentNote(job.contract);

/** The same as a header, for answers that are no JSON as well. */
export const warningHeader = ({ warning }: DevelopmentNote): Record<string, string> =>
  warning ? { 'x-nightshift-warning': warning } : {};
