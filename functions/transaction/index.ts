import { Logger } from '@aws-lambda-powertools/logger';
import { worker } from '../../core/jobs/worker.ts';
import { proveTransaction } from './prove-transaction.ts';

export const handler = worker(new Logger({ serviceName: 'transaction' }), (job, witness, signal) => {
  if (job.operation !== 'transaction') throw new Error('only transactions come this way');
  return proveTransaction(job, witness, signal);
});
