/** Operations that ask about circuits and are answered at once. */
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import type { ErrorCode } from '../../errors.ts';
import { checkForm, checkView, estimateForm, estimateView, verifyForm, verifyView } from '../circuits.ts';
import { answer, json } from './answers.ts';
import { CLAIM } from './examples.ts';
import { JOB_ENDS } from './jobs.ts';
import { refusals } from './refusals.ts';

const tags = ['Circuits'];

/** Why there may be no keys to verify with. */
const KEYS_ENDS: readonly ErrorCode[] = [
  'INVALID_CIRCUIT',
  'CIRCUIT_TOO_LARGE',
  'KEY_MISMATCH',
  'PARAMS_UNAVAILABLE',
  'PROOF_GENERATION_FAILED',
  'OUT_OF_MEMORY',
];

export const CIRCUIT_OPERATIONS: ZodOpenApiPathsObject = {
  '/v1/verify': {
    post: {
      operationId: 'verifyProofs',
      summary: 'Verify proofs',
      description: 'One claim, or many that are verified together. An unknown circuit refuses the request.',
      tags,
      requestBody: { required: true, content: json(verifyForm, { claim: CLAIM }) },
      responses: {
        200: answer('Whether the claims hold, and why not.', json(verifyView), 'X-Nightshift-Warning'),
        ...refusals(
          'INVALID_REQUEST',
          'PAYLOAD_TOO_LARGE',
          'CIRCUIT_NOT_FOUND',
          'CONTRACT_NOT_FOUND',
          ...KEYS_ENDS,
          'TIMEOUT',
        ),
      },
    },
  },
  '/v1/check': {
    post: {
      operationId: 'checkPreimage',
      summary: 'Check a preimage',
      description: 'Runs the circuit without proving, and tells what proving would take.',
      tags,
      requestBody: { required: true, content: json(checkForm) },
      responses: {
        200: answer(
          'Whether the preimage satisfies its circuit, and why not.',
          json(checkView),
          'X-Nightshift-Warning',
        ),
        ...refusals(
          'INVALID_REQUEST',
          'PAYLOAD_TOO_LARGE',
          'CIRCUIT_NOT_FOUND',
          'CONTRACT_NOT_FOUND',
          'QUEUE_FULL',
          'RATE_LIMITED',
          ...JOB_ENDS,
        ),
      },
    },
  },
  '/v1/estimate': {
    post: {
      operationId: 'estimate',
      summary: 'Estimate time and price of a proof',
      tags,
      requestBody: { required: true, content: json(estimateForm) },
      responses: {
        200: answer('From measurements, and from the lane as it is now.', json(estimateView), 'X-Nightshift-Warning'),
        ...refusals(
          'INVALID_REQUEST',
          'PAYLOAD_TOO_LARGE',
          'CIRCUIT_NOT_FOUND',
          'CONTRACT_NOT_FOUND',
          'CIRCUIT_TOO_LARGE',
        ),
      },
    },
  },
};
