/** The table's partitions, as policies name them: `*` stands for an id. */
import { PARTITION } from '../core/store/row-keys.ts';

const all = (...beginnings: string[]): string[] => beginnings.map((beginning) => `${beginning}*`);

export const JOB_ROWS = all(PARTITION.job);
export const ACCOUNTS = all(PARTITION.account);
export const TENANTS = all(PARTITION.tenant);
/** Jobs with all that changes together with them. */
export const JOBS = all(PARTITION.job, PARTITION.lane, PARTITION.open, PARTITION.tenant);
export const BATCHES = all(PARTITION.batch);
export const CONTRACTS = all(PARTITION.contract);
export const ARTIFACTS = all(PARTITION.artifact);
export const API_KEYS = all(PARTITION.apiKey);
export const REFUSALS = all(PARTITION.refused);
