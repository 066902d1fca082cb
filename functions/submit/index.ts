import { Logger } from '@aws-lambda-powertools/logger';
import { httpHandler } from '../../core/http/http-handler.ts';
import { check } from './check.ts';
import { checkPreimage } from './check-preimage.ts';
import { createBatch } from './create-batch.ts';
import { createContract } from './create-contract.ts';
import { createJob } from './create-job.ts';
import { createUpload } from './create-upload.ts';
import { estimate } from './estimate.ts';
import { k } from './k.ts';
import { prove } from './prove.ts';
import { proveTx } from './prove-tx.ts';
import { verify } from './verify.ts';

export const handler = httpHandler(new Logger({ serviceName: 'submit' }), [
  { method: 'POST', path: '/prove', scope: 'prove', handler: prove },
  { method: 'POST', path: '/check', scope: 'prove', handler: check },
  { method: 'POST', path: '/prove-tx', scope: 'prove', handler: proveTx },
  { method: 'POST', path: '/k', scope: 'prove', handler: k },
  { method: 'POST', path: '/contracts/{id}/prove', scope: 'prove', handler: prove },
  { method: 'POST', path: '/contracts/{id}/check', scope: 'prove', handler: check },
  { method: 'POST', path: '/contracts/{id}/k', scope: 'prove', handler: k },
  { method: 'POST', path: '/v1/jobs', scope: 'prove', handler: createJob },
  { method: 'POST', path: '/v1/batches', scope: 'prove', handler: createBatch },
  { method: 'POST', path: '/v1/verify', scope: 'verify', handler: verify },
  { method: 'POST', path: '/v1/check', scope: 'prove', handler: checkPreimage },
  { method: 'POST', path: '/v1/estimate', scope: 'prove', handler: estimate },
  { method: 'POST', path: '/v1/contracts', scope: 'register', handler: createContract },
  { method: 'POST', path: '/v1/uploads', scope: 'register', handler: createUpload },
]);
