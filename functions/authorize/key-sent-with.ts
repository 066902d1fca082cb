import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { API_KEY_HEADER } from '../../core/access/header.ts';

/** The API key, if there is one and not several: which of them would count is not the same everywhere. */
export function keySentWith({ multiValueHeaders }: APIGatewayRequestAuthorizerEvent): string | undefined {
  const sent = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values = []]) =>
    name.toLowerCase() === API_KEY_HEADER ? values : [],
  );
  return sent.length === 1 ? sent[0] : undefined;
}
