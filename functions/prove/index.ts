import { Logger } from '@aws-lambda-powertools/logger';
import { runJob } from '../../core/jobs/run.ts';
import { worker } from '../../core/jobs/worker.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { warmUp } from './warm-up.ts';

const logger = new Logger({ serviceName: 'prove' });

export const handler = worker(logger, (job, witness, signal) => runJob(job, witness, nativeProver(), signal)).use(
  warmUp(logger),
);
