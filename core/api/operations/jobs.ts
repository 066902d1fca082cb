/** Operations on jobs. */
import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { ErrorCode } from '../../errors.ts';
import {
  idempotencyKey,
  jobForm,
  jobId,
  jobList,
  jobQuery,
  jobView,
  jobWaitQuery,
  listQuery,
  proofView,
  waitQuery,
} from '../jobs.ts';
import { answer, BYTES, json } from './answers.ts';
import { JOB, JOB_FORM, JOB_FORM_OF_CONTRACT, TAKEN_JOB } from './examples.ts';
import { refusals } from './refusals.ts';

const tags = ['Jobs'];

/** Of a request that makes something. */
export const onceHeader = z.object({ 'Idempotency-Key': idempotencyKey.optional() });

/** What a job can end with. */
export const JOB_ENDS: readonly ErrorCode[] = [
  'INVALID_REQUEST',
  'INVALID_WITNESS',
  'INVALID_CIRCUIT',
  'CIRCUIT_NOT_FOUND',
  'SEALING_KEY_NOT_FOUND',
  'CIRCUIT_TOO_LARGE',
  'KEY_MISMATCH',
  'PARAMS_UNAVAILABLE',
  'PROOF_GENERATION_FAILED',
  'TIMEOUT',
  'OUT_OF_MEMORY',
  'CANCELLED',
  'EXPIRED',
];

export const JOB_OPERATIONS: ZodOpenApiPathsObject = {
  '/v1/jobs': {
    post: {
      operationId: 'submitJob',
      summary: 'Submit a job',
      description:
        'It goes on by itself once it is taken: follow it at `links.self`. The query is for tagged bytes, since JSON says the same in the body.',
      tags,
      requestParams: { header: onceHeader, query: jobQuery },
      requestBody: {
        required: true,
        description: "JSON, or tagged bytes as the proof server's `/prove`, `/check` and `/prove-tx` take them.",
        content: { ...json(jobForm, { builtIn: JOB_FORM, ofContract: JOB_FORM_OF_CONTRACT }), ...BYTES },
      },
      responses: {
        202: answer(
          'The job, which has been taken.',
          json(jobView, { taken: TAKEN_JOB }),
          'Location',
          'Idempotent-Replayed',
          'X-Nightshift-Warning',
        ),
        ...refusals(
          'INVALID_REQUEST',
          'INVALID_CIRCUIT',
          'PAYLOAD_TOO_LARGE',
          'CIRCUIT_NOT_FOUND',
          'CONTRACT_NOT_FOUND',
          'SEALING_KEY_NOT_FOUND',
          'CIRCUIT_TOO_LARGE',
          'CONFLICT',
          'QUEUE_FULL',
          'RATE_LIMITED',
        ),
      },
    },
    get: {
      operationId: 'listJobs',
      summary: 'List jobs',
      description: 'Newest first, page by page. Ended jobs are kept for a day.',
      tags,
      requestParams: { query: listQuery },
      responses: { 200: answer('A page of jobs.', json(jobList)), ...refusals('INVALID_REQUEST') },
    },
  },
  '/v1/jobs/{id}': {
    get: {
      operationId: 'getJob',
      summary: 'Follow a job',
      description: 'With `wait` it is answered when there is something to tell: a long poll.',
      tags,
      requestParams: { path: jobId, query: jobWaitQuery },
      responses: {
        200: answer('The job as it is now.', json(jobView, { succeeded: JOB }), 'X-Nightshift-Warning'),
        ...refusals('INVALID_REQUEST', 'JOB_NOT_FOUND'),
      },
    },
    delete: {
      operationId: 'cancelJob',
      summary: 'Cancel a job',
      description:
        'A queued job ends at once, and of one that is being proved the prover is killed. One that has ended stays as it is.',
      tags,
      requestParams: { path: jobId },
      responses: {
        200: answer('The job as it is now.', json(jobView), 'X-Nightshift-Warning'),
        ...refusals('INVALID_REQUEST', 'JOB_NOT_FOUND'),
      },
    },
  },
  '/v1/jobs/{id}/proof': {
    get: {
      operationId: 'getProof',
      summary: 'Get what a job came to',
      description:
        'The proof, or the proven transaction. A job that came to nothing is answered as the problem that it had.',
      tags,
      requestParams: { path: jobId, query: waitQuery },
      responses: {
        200: answer(
          'Tagged bytes; JSON where `Accept` asks for that.',
          { ...BYTES, ...json(proofView) },
          'X-Nightshift-Warning',
        ),
        ...refusals('JOB_NOT_FOUND', 'PROOF_NOT_READY', ...JOB_ENDS),
      },
    },
  },
};
