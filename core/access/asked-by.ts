/** Who may have which jobs. A publishable key is in everybody's hands: it is good for what its page is there for. */
import { BUILT_IN_CONTRACT } from '../contracts/names.ts';
import { NightshiftError } from '../errors.ts';
import type { NewProofJob, NewTransactionJob } from '../jobs/admit.ts';
import type { Job } from '../jobs/job.ts';
import { type Caller, expectSecretKey } from './caller.ts';

type Asker = 'tenant' | 'apiKey' | 'keyLimits';

/** A job before it is known whose it is. */
export type AskedProof = Omit<NewProofJob, Asker>;
export type AskedTransaction = Omit<NewTransactionJob, Asker>;
export type AskedJob = AskedProof | AskedTransaction;

/** @throws NightshiftError FORBIDDEN if the caller's key is for circuits of other contracts. */
export function expectContract({ publishable }: Caller, contract: string = BUILT_IN_CONTRACT): void {
  if (!publishable || publishable.contracts.includes(contract)) return;
  throw new NightshiftError('FORBIDDEN', 'This publishable key is not for circuits of that contract.');
}

/** The caller's job. @throws NightshiftError FORBIDDEN if its key is not for jobs like that. */
export function askedBy<J extends AskedJob>(caller: Caller, job: J) {
  // A larger lane costs the operator more, and others their place in it.
  if (job.operation === 'transaction' || job.inlined || job.lane) expectSecretKey(caller);
  else expectContract(caller, job.contract);
  const { tenant, apiKey, limits } = caller;
  return { ...job, tenant, apiKey, keyLimits: limits };
}

/** Whoever has a publishable key sees what was asked for with it, and nothing else of its tenant's. */
export const maySee = ({ tenant, apiKey, publishable }: Caller, job: Job): boolean =>
  job.tenant === tenant && (!publishable || job.apiKey === apiKey);
