/** The keys of the table's rows. */
import type { LaneName } from '../lanes.ts';

/** How partition keys begin, an id after it: rows are found by them, and policies grant by them. */
export const PARTITION = {
  job: 'JOB#',
  /** A lane's counts and caps. */
  lane: 'LANE#',
  /** The open jobs that an item of a lane's counts counts. */
  open: 'OPEN#',
  /** Counts of a tenant, and what is kept of its requests. */
  tenant: 'TENANT#',
  /** A tenant itself, with its limits. Not with its counts: no function may write it. */
  account: 'ACCOUNT#',
  apiKey: 'KEY#',
  contract: 'CONTRACT#',
  /** Derived keys and public parameters, and the jobs that wait for them. */
  artifact: 'ARTIFACT#',
  batch: 'BATCH#',
  /** A request that was refused to nobody knows whom; others are with their tenants. */
  refused: 'REFUSED#',
} as const;

export const keyOf = {
  job: (id: string) => ({ PK: `${PARTITION.job}${id}`, SK: 'JOB' }),
  /** One of the items that a lane's counts are spread over. */
  laneCount: (lane: LaneName, shard: number | '') => ({ PK: `${PARTITION.lane}${lane}`, SK: `SHARD#${shard}` }),
  /** Caps that were changed since the deployment. */
  caps: (lane: LaneName) => ({ PK: `${PARTITION.lane}${lane}`, SK: 'CAPS' }),
  /** A job that is counted in that item of its lane. */
  open: (lane: LaneName, shard: number, jobId: string) => ({ PK: `${PARTITION.open}${lane}#${shard}`, SK: jobId }),
  /** A tenant's jobs in flight. */
  inFlight: (tenant: string, shard: number | '') => ({ PK: `${PARTITION.tenant}${tenant}`, SK: `SHARD#${shard}` }),
  /** Jobs that a tenant submitted on that day, `YYYY-MM-DD`. */
  day: (tenant: string, day: string, shard: number | '') => ({
    PK: `${PARTITION.tenant}${tenant}`,
    SK: `DAY#${day}#${shard}`,
  }),
  /** Those that came by an API key on that day or in that minute, `YYYY-MM-DDTHH:MM`. */
  keyWindow: (tenant: string, apiKeyId: string, begin: string, shard: number | '') => ({
    PK: `${PARTITION.tenant}${tenant}`,
    SK: `KEY#${apiKeyId}#${begin}#${shard}`,
  }),
  /** That a tenant has registered the circuit with those keys, and how many such there are. */
  tenantCircuit: (tenant: string, keysId: string) => ({ PK: `${PARTITION.tenant}${tenant}`, SK: `CIRCUIT#${keysId}` }),
  circuitCount: (tenant: string) => ({ PK: `${PARTITION.tenant}${tenant}`, SK: 'CIRCUITS' }),
  tenant: (id: string) => ({ PK: `${PARTITION.account}${id}`, SK: 'TENANT' }),
  apiKey: (sha256: string) => ({ PK: `${PARTITION.apiKey}${sha256}`, SK: 'KEY' }),
  contract: (id: string) => ({ PK: `${PARTITION.contract}${id}`, SK: 'CONTRACT' }),
  circuit: (contract: string, name: string) => ({ PK: `${PARTITION.contract}${contract}`, SK: `CIRCUIT#${name}` }),
  /** Public parameters by their hash, the keys of a circuit by their id. */
  artifact: (id: string) => ({ PK: `${PARTITION.artifact}${id}`, SK: 'ARTIFACT' }),
  waiting: (keysId: string, jobId: string) => ({ PK: `${PARTITION.artifact}${keysId}`, SK: `WAITING#${jobId}` }),
  once: (tenant: string, digest: string, jobId: string) => ({
    PK: `${PARTITION.tenant}${tenant}`,
    SK: `ONCE#${digest}#${jobId}`,
  }),
  idempotency: (tenant: string, digest: string) => ({
    PK: `${PARTITION.tenant}${tenant}`,
    SK: `IDEMPOTENCY#${digest}`,
  }),
  batch: (id: string) => ({ PK: `${PARTITION.batch}${id}`, SK: 'BATCH' }),
  /** Of a tenant, if it is known who asked. */
  refusal: (tenant: string | undefined, id: string) => ({
    PK: tenant === undefined ? `${PARTITION.refused}${id}` : `${PARTITION.tenant}${tenant}`,
    SK: `REFUSED#${id}`,
  }),
  sealingKey: (id: string) => ({ PK: `SEALING_KEY#${id}`, SK: 'SEALING_KEY' }),
  /** Names the one that is given out. */
  currentSealingKey: { PK: 'SEALING_KEY', SK: 'CURRENT' },
};
