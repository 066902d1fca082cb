import { AWS_ANSWER_MS, AWS_ATTEMPTS, AWS_CONNECT_MS } from '../limits.ts';

/** What all clients of AWS have in common: one that waits for ever would stop what renews a hold on a job. */
export const CLIENT = {
  maxAttempts: AWS_ATTEMPTS,
  requestHandler: {
    connectionTimeout: AWS_CONNECT_MS,
    // Until the answer begins: what it brings may take longer.
    requestTimeout: AWS_ANSWER_MS,
    throwOnRequestTimeout: true,
  },
} as const;
