import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';

const HEADER = 'x-api-key';

/** The API key, if there is one and not several: which of them would count is not the same everywhere. */
export function keySentWith({ multiValueHeaders }: APIGatewayRequestAuthorizerEvent): string | undefined {
  const sent = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values = []]) =>
    name.toLowerCase() === HEADER ? values : [],
  );
  return sent.length === 1 ? sent[0] : undefined;
}
