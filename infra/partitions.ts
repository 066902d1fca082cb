/** The table's partitions, as policies name them: `*` stands for an id. */

export const JOB_ROWS = ['JOB#*'];
/** Tenants' own rows, with their limits. */
export const ACCOUNTS = ['ACCOUNT#*'];
/** Counts of tenants, and what is kept of their requests. */
export const TENANTS = ['TENANT#*'];
/** Jobs with all that changes together with them: lanes' counts and caps, lists of open jobs, tenants' counts. */
export const JOBS = [...JOB_ROWS, 'LANE#*', 'OPEN#*', ...TENANTS];
export const BATCHES = ['BATCH#*'];
export const CONTRACTS = ['CONTRACT#*'];
/** Derived keys and public parameters, and the jobs that wait for them. */
export const ARTIFACTS = ['ARTIFACT#*'];
export const API_KEYS = ['KEY#*'];
/** Requests that were refused to nobody knows whom; others are with their tenants. */
export const REFUSALS = ['REFUSED#*'];
