import { Logger } from '@aws-lambda-powertools/logger';
import { httpHandler } from '../../core/http/http-handler.ts';
import { batch, cancelAll } from './batch.ts';
import { contract } from './contract.ts';
import { fetchParams } from './fetch-params.ts';
import { health, ready } from './health.ts';
import { cancel, job, proof } from './job.ts';
import { jobs } from './jobs.ts';
import { openapi } from './openapi.ts';
import { parameters } from './parameters.ts';
import { sealingKey } from './sealing-key.ts';
import { usage } from './usage.ts';
import { info, proofVersions, version } from './versions.ts';

export const handler = httpHandler(new Logger({ serviceName: 'status' }), [
  { method: 'GET', path: '/', scope: 'public', handler: health },
  { method: 'GET', path: '/health', scope: 'public', handler: health },
  { method: 'GET', path: '/ready', scope: 'public', handler: ready },
  { method: 'GET', path: '/version', scope: 'public', handler: version },
  { method: 'GET', path: '/proof-versions', scope: 'public', handler: proofVersions },
  { method: 'GET', path: '/v1/sealing-key', scope: 'public', handler: sealingKey },
  { method: 'GET', path: '/fetch-params/{k}', scope: 'register', handler: fetchParams },
  { method: 'GET', path: '/v1/info', scope: 'any', handler: info },
  { method: 'GET', path: '/v1/usage', scope: 'usage', handler: usage },
  { method: 'GET', path: '/v1/parameters', scope: 'any', handler: parameters },
  { method: 'GET', path: '/v1/openapi.json', scope: 'any', handler: openapi },
  { method: 'GET', path: '/v1/contracts/{id}', scope: 'any', handler: contract },
  { method: 'GET', path: '/v1/batches/{id}', scope: 'prove', handler: batch },
  { method: 'DELETE', path: '/v1/batches/{id}', scope: 'prove', handler: cancelAll },
  { method: 'GET', path: '/v1/jobs', scope: 'prove', handler: jobs },
  { method: 'GET', path: '/v1/jobs/{id}', scope: 'prove', handler: job },
  { method: 'DELETE', path: '/v1/jobs/{id}', scope: 'prove', handler: cancel },
  { method: 'GET', path: '/v1/jobs/{id}/proof', scope: 'prove', handler: proof },
]);
