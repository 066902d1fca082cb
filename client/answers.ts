/** What the server answers, as programs have it. */
import type * as z from 'zod';
import type { batchView } from '../core/api/batches.ts';
import type { checkView, estimateView, verifyView } from '../core/api/circuits.ts';
import type { jobList, jobView } from '../core/api/jobs.ts';

export type { ContractView as Contract } from '../core/api/contracts.ts';
export type { Info } from '../core/api/info.ts';
export type { Parameters } from '../core/api/parameters.ts';
export type { Usage } from '../core/api/usage.ts';

export type Job = z.infer<typeof jobView>;
/** Without what it came to. */
export type ListedJob = z.infer<typeof jobList>['jobs'][number];
export type Batch = z.infer<typeof batchView>;

export type Check = z.infer<typeof checkView>;
export type CircuitEstimate = z.infer<typeof estimateView>;
export type Verdicts = Extract<z.infer<typeof verifyView>, { items: unknown }>;
export type Verdict = Exclude<z.infer<typeof verifyView>, Verdicts>;
