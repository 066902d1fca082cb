/** Who makes a request, as authorize found out. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { z } from 'zod';
import { NightshiftError } from '../errors.ts';
import { headerOf } from '../http/event.ts';
import { jsonText } from '../json-text.ts';
import { type ApiKey, apiKeyRow } from './api-key.ts';
import { lacksScope, OF_OTHER_ORIGINS } from './refusals.ts';
import type { Scope } from './scopes.ts';

const callerSchema = apiKeyRow.pick({ tenant: true, scopes: true, limits: true, publishable: true }).extend({
  /** The id of the API key. */
  apiKey: apiKeyRow.shape.id,
});
export type Caller = z.infer<typeof callerSchema>;

/** What authorize tells the functions behind it: API Gateway passes on text. */
const context = z.object({ caller: jsonText(callerSchema) });

export const contextOf = ({
  id,
  tenant,
  scopes,
  limits,
  publishable,
}: Pick<ApiKey, 'id' | 'tenant' | 'scopes' | 'limits' | 'publishable'>): z.input<typeof context> => ({
  caller: JSON.stringify({ apiKey: id, tenant, scopes, limits, publishable } satisfies Caller),
});

/** As authorize told; undefined where nobody was asked for a key. */
export const callerOf = (event: APIGatewayProxyEvent): Caller | undefined =>
  context.safeParse(event.requestContext.authorizer).data?.caller;

/**
 * @param scope that the request needs; `any`: whatever its key is for.
 * @throws NightshiftError UNAUTHENTICATED, FORBIDDEN
 */
export function authorizedCaller(event: APIGatewayProxyEvent, scope: Scope | 'any'): Caller {
  const caller = callerOf(event);
  if (!caller) throw new NightshiftError('UNAUTHENTICATED', 'An API key is needed: send it as X-API-Key.');
  if (scope !== 'any' && !caller.scopes.includes(scope)) {
    throw new NightshiftError('FORBIDDEN', lacksScope(scope));
  }
  const { publishable } = caller;
  const origin = headerOf(event, 'origin');
  if (publishable && !publishable.origins.includes(`${origin}`)) {
    throw new NightshiftError('FORBIDDEN', OF_OTHER_ORIGINS);
  }
  return caller;
}

/** What goes beyond single jobs is not for everybody. @throws NightshiftError FORBIDDEN if the key is publishable. */
export function expectSecretKey({ publishable }: Caller): void {
  if (publishable)
    throw new NightshiftError('FORBIDDEN', 'A publishable key is not for this. Use a secret one, from a server.');
}
