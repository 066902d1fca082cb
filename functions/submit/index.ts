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
  { method: 'POST', path: '/prove', handler: prove },
  { method: 'POST', path: '/check', handler: check },
  { method: 'POST', path: '/prove-tx', handler: proveTx },
  { method: 'POST', path: '/k', handler: k },
  { method: 'POST', path: '/contracts/{id}/prove', handler: prove },
  { method: 'POST', path: '/contracts/{id}/check', handler: check },
  { method: 'POST', path: '/contracts/{id}/k', handler: k },
  { method: 'POST', path: '/v1/jobs', handler: createJob },
  { method: 'POST', path: '/v1/batches', handler: createBatch },
  { method: 'POST', path: '/v1/verify', handler: verify },
  { method: 'POST', path: '/v1/check', handler: checkPreimage },
  { method: 'POST', path: '/v1/estimate', handler: estimate },
  { method: 'POST', path: '/v1/contracts', handler: createContract },
  { method: 'POST', path: '/v1/uploads', handler: createUpload },
]);
