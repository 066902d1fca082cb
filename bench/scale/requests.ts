/**
 * What of AWS a proof's job asks besides computing, from `POST /v1/jobs` to its end: with an Idempotency-Key, as our client
 * sends it, of a contract's circuit whose keys the worker has in memory. Counted, not reckoned:
 * test/integration/requests-of-a-job.test.ts holds the jobs to it. What a long attempt does to hold its job is left out: a
 * look at its row each second, and every five seconds a renewal.
 */
export const REQUESTS_OF_A_JOB = {
  /** Rows written in transactions, of which one is the job's own with its proof. A transaction counts each twice. */
  transactedRows: 11,
  /** Rows written by themselves. */
  singleRows: 1,
  /** The job's state changes that the table's index takes over. */
  indexedChanges: 3,
  /** Reads of the table, besides the looks of those who wait: of no more than the 4 KB that count as one. */
  reads: 8,
  /** The job's row with its proof, here a shielded output's, in KB: DynamoDB counts each begun one. */
  endedRowKb: 7,
  objectsPut: 1,
  objectsGot: 1,
  /** Of the job's message: it is sent, and hidden anew by each attempt. */
  queueRequests: 2,
} as const;
