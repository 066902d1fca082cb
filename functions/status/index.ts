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
import { info, proofVersions, version } from './versions.ts';

export const handler = httpHandler(new Logger({ serviceName: 'status' }), [
  { method: 'GET', path: '/', handler: health },
  { method: 'GET', path: '/health', handler: health },
  { method: 'GET', path: '/ready', handler: ready },
  { method: 'GET', path: '/version', handler: version },
  { method: 'GET', path: '/proof-versions', handler: proofVersions },
  { method: 'GET', path: '/fetch-params/{k}', handler: fetchParams },
  { method: 'GET', path: '/v1/info', handler: info },
  { method: 'GET', path: '/v1/parameters', handler: parameters },
  { method: 'GET', path: '/v1/openapi.json', handler: openapi },
  { method: 'GET', path: '/v1/contracts/{id}', handler: contract },
  { method: 'GET', path: '/v1/batches/{id}', handler: batch },
  { method: 'DELETE', path: '/v1/batches/{id}', handler: cancelAll },
  { method: 'GET', path: '/v1/jobs', handler: jobs },
  { method: 'GET', path: '/v1/jobs/{id}', handler: job },
  { method: 'DELETE', path: '/v1/jobs/{id}', handler: cancel },
  { method: 'GET', path: '/v1/jobs/{id}/proof', handler: proof },
]);
