import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { bringKeys } from './bring-keys.ts';
import { bringParams, DERIVABLE_K } from './bring-params.ts';
import { report } from './report.ts';

const logger = new Logger({ serviceName: 'prefetch' });

/**
 * Brings into S3 what is not there yet: the public parameters and the built-in circuits' keys. Runs after a deployment
 * and on a schedule; what is there costs one look each. Answers what became of each: `present`, `made`, or why `missing`.
 */
export const handler = middy()
  .use(injectLambdaContext(logger))
  .handler(async () => {
    const sizes = new Set([...Array(DERIVABLE_K + 1).keys(), ...BUILT_IN_CIRCUITS.map(({ k }) => k)]);
    const params = await report([...sizes], (k) => `k=${k}`, bringParams);
    const circuits = await report([...BUILT_IN_CIRCUITS], ({ name }) => name, bringKeys);
    logger.info('brought', { params, circuits });
    return { params, circuits };
  });
