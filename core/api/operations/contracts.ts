/** Operations on contracts, and the uploads for them. */
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { contractForm, contractPath, contractView } from '../contracts.ts';
import { uploadForm, uploadView } from '../uploads.ts';
import { answer, json } from './answers.ts';
import { CONTRACT_FORM } from './examples.ts';
import { refusals } from './refusals.ts';

const tags = ['Contracts'];

export const CONTRACT_OPERATIONS: ZodOpenApiPathsObject = {
  '/v1/contracts': {
    post: {
      operationId: 'registerContract',
      summary: 'Register a contract',
      description:
        'Its prover keys are derived from the ZKIR; jobs for it may be submitted at once. Equal circuits are the same contract, whoever registers them.',
      tags,
      requestBody: { required: true, content: json(contractForm, { contract: CONTRACT_FORM }) },
      responses: {
        202: answer(
          'The contract, whose keys are being derived.',
          json(contractView),
          'Location',
          'X-Nightshift-Warning',
        ),
        ...refusals('INVALID_REQUEST', 'INVALID_CIRCUIT', 'PAYLOAD_TOO_LARGE', 'CIRCUIT_TOO_LARGE', 'TIMEOUT'),
      },
    },
  },
  '/v1/contracts/{id}': {
    get: {
      operationId: 'getContract',
      summary: 'Follow a contract',
      tags,
      requestParams: { path: contractPath },
      responses: {
        200: answer('The contract, and how far its keys are.', json(contractView), 'X-Nightshift-Warning'),
        ...refusals('INVALID_REQUEST', 'CONTRACT_NOT_FOUND'),
      },
    },
  },
  '/v1/uploads': {
    post: {
      operationId: 'createUpload',
      summary: 'Ask where to put a file',
      description: 'For ZKIR that is too large for a request, and for ready-made prover keys. Kept for a day.',
      tags,
      requestBody: { required: true, content: json(uploadForm) },
      responses: {
        201: answer('The request to put the file with.', json(uploadView)),
        ...refusals('INVALID_REQUEST', 'PAYLOAD_TOO_LARGE'),
      },
    },
  },
};
