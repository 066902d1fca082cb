/** What is asked for as programs have it, and the form in which it is sent. */
import { v4 as uuid } from 'uuid';
import type * as z from 'zod';
import type { checkForm, estimateForm } from '../core/api/circuits.ts';
import type { jobForm } from '../core/api/jobs.ts';
import type { JobState } from '../core/jobs/state.ts';
import { base64Of } from './base64.ts';
import type { Seal } from './sealing.ts';

export type CircuitReference = z.input<typeof estimateForm>;

/** Binary where the API has base64. */
type AsBytes<Form> = Omit<Form, 'preimage' | 'sealed' | 'bindingInput'> & {
  /** Tagged. */
  preimage: Uint8Array;
  /** Takes the place of the preimage's own. */
  bindingInput?: bigint | string;
};

/** A preimage and the circuit that it is for. */
export type CheckRequest = AsBytes<z.input<typeof checkForm>>;

/** A job: to prove, unless `operation` says otherwise. */
export type JobRequest = AsBytes<z.input<typeof jobForm>>;

export type ProofRequest = Omit<JobRequest, 'operation'>;

/** One of many. */
export type BatchRequest = ProofRequest;

/** What goes beside a body of tagged bytes, which says the rest. */
export type TaggedJobOptions = Pick<JobRequest, 'contract' | 'id' | 'deadlineSeconds' | 'lane' | 'labels'>;

/** That the proof holds for the statement (decimals). */
export interface Claim extends CircuitReference {
  /** Tagged. */
  proof: Uint8Array;
  statement: string[];
}

/** Jobs that have all of it. */
export interface JobFilter {
  state?: JobState;
  labels?: Record<string, string>;
  /** Only the parts of that transaction, which are left out otherwise. */
  parent?: string;
  /** No more than so many. */
  limit?: number;
}

/**
 * A job as it is sent.
 *
 * @param seal if it is to be sealed: that is done for a job of its id.
 */
export async function formOf<R extends JobRequest>(request: R, seal?: Seal) {
  const { preimage, bindingInput: binding, ...rest } = request;
  const bindingInput = binding === undefined ? undefined : `${binding}`;
  if (!seal) return { ...rest, bindingInput, preimage: base64Of(preimage) };
  const { operation = 'prove', id = uuid(), circuit, contract } = request;
  return {
    ...rest,
    id,
    bindingInput,
    sealed: await seal(preimage, { operation, id, circuit, contract, bindingInput }),
  };
}

export const claimForm = ({ proof, ...claim }: Claim) => ({ ...claim, proof: base64Of(proof) });

/** As they stand in a query. */
export const labelsInQuery = (labels: Record<string, string> = {}): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}:${value}`);
