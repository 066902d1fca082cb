/**
 * What of AWS a proof's job asks besides computing, from admission to its end. Counted, not reckoned:
 * test/integration/requests-of-a-job.test.ts holds the jobs to it.
 */
export const REQUESTS_OF_A_JOB = {
  /** Rows written in transactions, of which one is the job's own with its proof. A transaction counts each twice. */
  transactedRows: 10,
  /** Rows written by themselves. */
  singleRows: 1,
  /** The job's state changes that the table's index takes over. */
  indexedChanges: 3,
  /** Rows read, besides the looks of those who wait. */
  readRows: 1,
  /** The job's row with its proof, here a shielded output's, in KB: DynamoDB counts each begun one. */
  endedRowKb: 7,
  objectsPut: 1,
  objectsGot: 1,
  messagesSent: 1,
} as const;
