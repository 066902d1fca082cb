import { Logger } from '@aws-lambda-powertools/logger';
import { text } from '../../core/http/answers.ts';
import { httpHandler } from '../../core/http/http-handler.ts';
import { PROOF_VERSIONS, WIRE_VERSION } from '../../core/http/reference.ts';
import { health, ready } from './health.ts';
import { job, proof } from './job.ts';

export const handler = httpHandler(new Logger({ serviceName: 'status' }), [
  { method: 'GET', path: '/', handler: health },
  { method: 'GET', path: '/health', handler: health },
  { method: 'GET', path: '/ready', handler: ready },
  { method: 'GET', path: '/version', handler: async () => text(200, WIRE_VERSION) },
  { method: 'GET', path: '/proof-versions', handler: async () => text(200, PROOF_VERSIONS) },
  { method: 'GET', path: '/v1/jobs/{id}', handler: job },
  { method: 'GET', path: '/v1/jobs/{id}/proof', handler: proof },
]);
