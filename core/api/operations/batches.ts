/** Operations on batches. */
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { batchForm, batchId, batchView } from '../batches.ts';
import { waitQuery } from '../jobs.ts';
import { answer, json } from './answers.ts';
import { onceHeader } from './jobs.ts';
import { refusals } from './refusals.ts';

const tags = ['Batches'];

export const BATCH_OPERATIONS: ZodOpenApiPathsObject = {
  '/v1/batches': {
    post: {
      operationId: 'submitBatch',
      summary: 'Submit many jobs at once',
      description:
        'Each item becomes a job and fails alone; one that can become no job has failed at once. What is not of this form, or sealed with a key that is not taken, is refused as a whole.',
      tags,
      requestParams: { header: onceHeader },
      requestBody: { required: true, content: json(batchForm) },
      responses: {
        202: answer(
          'The batch, which has been taken.',
          json(batchView),
          'Location',
          'Idempotent-Replayed',
          'X-Nightshift-Warning',
        ),
        ...refusals('INVALID_REQUEST', 'PAYLOAD_TOO_LARGE', 'SEALING_KEY_NOT_FOUND', 'CONFLICT'),
      },
    },
  },
  '/v1/batches/{id}': {
    get: {
      operationId: 'getBatch',
      summary: 'Follow a batch',
      description: 'With `wait` it is answered once all of its jobs have ended: a long poll.',
      tags,
      requestParams: { path: batchId, query: waitQuery },
      responses: {
        200: answer('The batch as it is now.', json(batchView), 'X-Nightshift-Warning'),
        ...refusals('INVALID_REQUEST', 'BATCH_NOT_FOUND'),
      },
    },
    delete: {
      operationId: 'cancelBatch',
      summary: 'Cancel what of a batch has not ended',
      tags,
      requestParams: { path: batchId },
      responses: {
        200: answer('The batch as it is now.', json(batchView), 'X-Nightshift-Warning'),
        ...refusals('INVALID_REQUEST', 'BATCH_NOT_FOUND'),
      },
    },
  },
};
