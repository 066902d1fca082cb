import { Logger } from '@aws-lambda-powertools/logger';
import { runJob } from '../../core/jobs/run.ts';
import { worker } from '../../core/jobs/worker.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';

export const handler = worker(new Logger({ serviceName: 'prove' }), (job, witness, signal) =>
  runJob(job, witness, nativeProver(), signal),
);
