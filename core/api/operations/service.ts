/** What a deployment says of itself. */
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { infoView } from '../info.ts';
import { parametersView } from '../parameters.ts';
import { sealingKeyView } from '../sealing-key.ts';
import { usageView } from '../usage.ts';
import { answer, json } from './answers.ts';
import { refusals } from './refusals.ts';

const tags = ['Service'];

const anyDocument = z.looseObject({ openapi: z.literal('3.1.0') });

export const SERVICE_OPERATIONS: ZodOpenApiPathsObject = {
  '/v1/info': {
    get: {
      operationId: 'getInfo',
      summary: 'Get versions and limits',
      tags,
      responses: { 200: answer('What this server is, and what it takes.', json(infoView)), ...refusals() },
    },
  },
  '/v1/sealing-key': {
    get: {
      operationId: 'getSealingKey',
      summary: 'Get the key to seal witnesses with',
      description: 'It changes about once a month. Needs no API key.',
      tags,
      security: [],
      responses: { 200: answer('The key that is given out now.', json(sealingKeyView)), ...refusals() },
    },
  },
  '/v1/usage': {
    get: {
      operationId: 'getUsage',
      summary: 'Get what is used of the limits',
      description:
        'Of the tenant, and of the API key that asks. Beyond a limit requests are refused with RATE_LIMITED.',
      tags,
      responses: { 200: answer('What is used, and the limits.', json(usageView)), ...refusals() },
    },
  },
  '/v1/parameters': {
    get: {
      operationId: 'getParameters',
      summary: 'List the public parameters at hand',
      description: 'Others are brought when a circuit needs them, or by `GET /fetch-params/{k}`.',
      tags,
      responses: { 200: answer('Their sizes.', json(parametersView)), ...refusals() },
    },
  },
  '/v1/openapi.json': {
    get: {
      operationId: 'getOpenApi',
      summary: 'Get this document',
      tags,
      responses: { 200: answer('An OpenAPI document.', json(anyDocument)), ...refusals() },
    },
  },
};
