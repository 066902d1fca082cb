import { Logger } from '@aws-lambda-powertools/logger';
import { httpHandler } from '../../core/http/http-handler.ts';
import { check } from './check.ts';
import { createJob } from './create-job.ts';
import { k } from './k.ts';
import { prove } from './prove.ts';
import { proveTx } from './prove-tx.ts';

export const handler = httpHandler(new Logger({ serviceName: 'submit' }), [
  { method: 'POST', path: '/prove', handler: prove },
  { method: 'POST', path: '/check', handler: check },
  { method: 'POST', path: '/prove-tx', handler: proveTx },
  { method: 'POST', path: '/k', handler: k },
  { method: 'POST', path: '/v1/jobs', handler: createJob },
]);
