import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { bringKeys } from './bring-keys.ts';
import { bringParams, DERIVABLE_K } from './bring-params.ts';
import { report } from './report.ts';

const request = z.object({ k: z.int().optional() });

/**
 * Brings into S3 what is not there yet: the public parameters and the built-in circuits' keys. Runs after a deployment
 * and on a schedule; what is there costs one look each. Asked for `{k}`, it brings the parameters of that size only.
 * Answers what became of each: `present`, `made`, or why `missing`.
 */
export const bringAll = (logger: Logger) =>
  middy()
    .use(injectLambdaContext(logger))
    .handler(async (event, context) => {
      const { k: only } = request.parse(event);
      if (only !== undefined) return { params: await report([only], nameOfSize, bringParams) };
      const sizes = new Set([...Array(DERIVABLE_K + 1).keys(), ...BUILT_IN_CIRCUITS.map(({ k }) => k)]);
      const params = await report([...sizes], nameOfSize, bringParams);
      const signal = AbortSignal.timeout(context.getRemainingTimeInMillis());
      const circuits = await report(
        [...BUILT_IN_CIRCUITS],
        ({ name }) => name,
        (circuit) => bringKeys(circuit, signal),
      );
      logger.info('brought', { params, circuits });
      return { params, circuits };
    });

const nameOfSize = (k: number) => `k=${k}`;
