import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { z } from 'zod';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { parameterSet } from '../../core/circuits/parameter-set.ts';
import { timeLeft, workMs } from '../../core/time-left.ts';
import { bringKeys } from './bring-keys.ts';
import { bringParams, DERIVABLE_K } from './bring-params.ts';
import { report } from './report.ts';

const request = z.object({ k: z.int().optional(), parameters: parameterSet.optional() });

/** What the prover derives in no time, and what the built-in circuits need. */
const BASIC_SIZES = [...new Set([...Array(DERIVABLE_K + 1).keys(), ...BUILT_IN_CIRCUITS.map(({ k }) => k)])];

/**
 * Brings into S3 what is not there yet: the public parameters and the built-in circuits' keys. Runs after a deployment
 * and on a schedule; what is there costs one look each. Asked for `{k, parameters?}`, it brings the parameters of that
 * size and set only. Answers what became of each: `present`, `made`, or why `missing`.
 */
export const bringAll = (logger: Logger) =>
  middy()
    .use(injectLambdaContext(logger))
    .handler(async (event, context) => {
      const { k: only, parameters } = request.parse(event);
      const signal = timeLeft(context.getRemainingTimeInMillis());
      const bring = (k: number) => bringParams(k, parameters, signal);
      const sizes = only === undefined ? BASIC_SIZES : [only];
      const params = await report(sizes, nameOfSize, bring);
      logger.info('brought', { params });
      if (only !== undefined) return { params };
      const circuits = await report(
        [...BUILT_IN_CIRCUITS],
        ({ name }) => name,
        (circuit) => bringKeys(circuit, workMs(context.getRemainingTimeInMillis())),
      );
      logger.info('brought', { circuits });
      return { params, circuits };
    });

const nameOfSize = (k: number) => `k=${k}`;
