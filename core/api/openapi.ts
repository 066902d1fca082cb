/** The API in OpenAPI's terms, made from the schemas that requests and answers are read and written with. */
import { createDocument } from 'zod-openapi';
import { VERSION } from '../version.ts';
import { problem } from './fields.ts';
import { HEADERS } from './operations/answers.ts';
import { BATCH_OPERATIONS } from './operations/batches.ts';
import { CIRCUIT_OPERATIONS } from './operations/circuits.ts';
import { CONTRACT_OPERATIONS } from './operations/contracts.ts';
import { JOB_OPERATIONS } from './operations/jobs.ts';
import { SERVICE_OPERATIONS } from './operations/service.ts';

const DESCRIPTION = `Proving for the Midnight network.

Requests may be packed with gzip, and answers are where \`Accept-Encoding\` allows it. Errors are problems (RFC 9457) with a
\`code\` that stays the same. Whoever proves with development parameters is told in every answer that they are insecure.

The endpoints of Midnight's proof server (\`/prove\`, \`/check\`, \`/prove-tx\`, \`/k\` and others), which a deployment
answers as well, are not described here: they are what they are there.`;

export const openApiDocument = () =>
  createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Nightshift',
        version: VERSION,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [
        // Where it is served, a path before /v1 included.
        { url: '..', description: 'The deployment that this document came from' },
        { url: 'http://127.0.0.1:6300', description: '`npm start`' },
      ],
      security: [{ apiKey: [] }],
      tags: [
        {
          name: 'Jobs',
          description: 'Proofs, checks and transactions that are worked at while their client does something else',
        },
        { name: 'Batches', description: 'Many jobs in one call' },
        { name: 'Circuits', description: 'Questions that are answered at once' },
        { name: 'Contracts', description: 'Circuits of your own' },
        { name: 'Service', description: 'The deployment itself' },
      ],
      paths: {
        ...JOB_OPERATIONS,
        ...BATCH_OPERATIONS,
        ...CIRCUIT_OPERATIONS,
        ...CONTRACT_OPERATIONS,
        ...SERVICE_OPERATIONS,
      },
      components: {
        schemas: { Problem: problem },
        headers: HEADERS,
        securitySchemes: {
          apiKey: {
            type: 'apiKey',
            in: 'header',
            name: 'X-API-Key',
            description: 'Asked for by every deployment, but not by `npm start` without `--auth`',
          },
        },
      },
    },
    {
      override: ({ jsonSchema, io }) => {
        dropSafeRange(jsonSchema);
        // Answers may get more fields in time.
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );

/** That a number is one that JavaScript can hold says nothing about the API. */
function dropSafeRange(jsonSchema: { minimum?: number; maximum?: number }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}
