import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayAuthorizerResult, APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { noteUse, readKey, works } from '../../core/access/api-key.ts';
import { contextOf } from '../../core/access/caller.ts';
import { isOpen } from '../../core/access/tenant.ts';
import { noteRefusal } from '../../core/audit/refusals.ts';
import { keySentWith } from './key-sent-with.ts';
import { wholeApi } from './whole-api.ts';

const logger = new Logger({ serviceName: 'authorize' });

/** API Gateway answers 401 to this very word. */
const NO = 'Unauthorized';

/**
 * Tells API Gateway, and the functions behind it, who is asking. Its answer is kept for a while and counts for all that the
 * same key asks for meanwhile: what exactly it may do, the handlers look at.
 */
export const handler = middy<APIGatewayRequestAuthorizerEvent, APIGatewayAuthorizerResult>()
  // The event holds the key.
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async (event) => {
    const sent = keySentWith(event);
    const apiKey = sent ? await readKey(sent) : undefined;
    // Read after the key: once a tenant is closed, no key of it lets anybody in, though it was not removed yet.
    if (!apiKey || !works(apiKey) || !(await isOpen(apiKey.tenant))) {
      logger.info('refused', { apiKey: apiKey?.id });
      await noteRefusal({ ...refused(event), apiKey: apiKey?.id }).catch((error) =>
        logger.error('not noted', { error }),
      );
      throw new Error(NO);
    }
    const { tenant, id } = apiKey;
    // No reason to refuse a request.
    await noteUse(apiKey).catch((error) => logger.warn('use not noted', { apiKey: id, error }));
    logger.info('let in', { tenant, apiKey: id });
    return { principalId: tenant, policyDocument: wholeApi(event.methodArn), context: contextOf(apiKey) };
  });

const refused = ({ httpMethod, resource, requestContext }: APIGatewayRequestAuthorizerEvent) => ({
  method: httpMethod,
  resource,
  status: 401,
  code: 'UNAUTHENTICATED' as const,
  request: requestContext.requestId,
});
