import type { Logger } from '@aws-lambda-powertools/logger';
import type { MiddlewareObj } from '@middy/core';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { nativeProver } from '../../core/prover/native-prover.ts';

/**
 * A deployment calls each new version once, without messages, before that gets jobs (`infra/live.ts`). The prover starts
 * then, too: if it can't, the call fails, and with it the deployment.
 */
export const warmUp = (logger: Logger): MiddlewareObj<SQSEvent, SQSBatchResponse> => ({
  async before({ event }) {
    if (event.Records) return;
    const { proofVersions } = await nativeProver().ask('info', {});
    logger.info('warmed up', { proofVersions });
    return { batchItemFailures: [] };
  },
});
