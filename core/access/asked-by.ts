/** Who may have which jobs. A publishable key is in everybody's hands: it is good for what its page is there for. */
import { NightshiftError } from '../errors.ts';
import type { NewProofJob, NewTransactionJob } from '../jobs/admit.ts';
import type { Job } from '../jobs/job.ts';
import { BUILT_IN } from './api-key.ts';
import type { Caller } from './caller.ts';

type Asker = 'tenant' | 'apiKey' | 'keyLimits';

/** A job before it is known whose it is. */
export type AskedProof = Omit<NewProofJob, Asker>;
export type AskedTransaction = Omit<NewTransactionJob, Asker>;
export type AskedJob = AskedProof | AskedTransaction;

/** The caller's job. @throws NightshiftError FORBIDDEN if its key is not for jobs like that. */
export function askedBy<J extends AskedJob>({ tenant, apiKey, limits, publishable }: Caller, job: J) {
  if (publishable && !publishable.contracts.includes(contractOf(job))) {
    throw new NightshiftError('FORBIDDEN', 'This publishable key is not for circuits of that contract.');
  }
  return { ...job, tenant, apiKey, keyLimits: limits };
}

/** Of jobs that bring keys of their own, the contract is not known. */
function contractOf(job: AskedJob): string {
  if (job.operation === 'transaction' || job.inlined) return 'unknown';
  return job.contract ?? BUILT_IN;
}

/** Whoever has a publishable key sees what was asked for with it, and nothing else of its tenant's. */
export const maySee = ({ tenant, apiKey, publishable }: Caller, job: Job): boolean =>
  job.tenant === tenant && (!publishable || job.apiKey === apiKey);
