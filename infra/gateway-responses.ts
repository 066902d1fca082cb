/** What API Gateway answers by itself, in a form that clients of the reference server understand. */
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import { EXPOSED, VARY } from '../core/http/cors.ts';
import { BODY_TOO_LARGE } from '../core/http/reference-words.ts';
import { RETRY_AFTER_SECONDS } from '../core/limits.ts';

/** A page's script can read an error only if it says so. */
const CORS = {
  'Access-Control-Allow-Origin': 'method.request.header.Origin',
  'Access-Control-Allow-Credentials': "'true'",
  'Access-Control-Expose-Headers': `'${EXPOSED}'`,
  Vary: `'${VARY}'`,
};
const LATER = { ...CORS, 'Retry-After': `'${RETRY_AFTER_SECONDS}'` };

export function addGatewayResponses(api: RestApi): void {
  // Clients of the reference server retry 500 and 503: a function that crashed or was cut off is worth a retry.
  for (const type of [ResponseType.INTEGRATION_FAILURE, ResponseType.INTEGRATION_TIMEOUT, ResponseType.DEFAULT_5XX]) {
    api.addGatewayResponse(type.responseType, { type, statusCode: '503', responseHeaders: LATER });
  }
  api.addGatewayResponse('TOO_LARGE', {
    type: ResponseType.REQUEST_TOO_LARGE,
    statusCode: '413',
    responseHeaders: CORS,
    templates: { 'text/plain': BODY_TOO_LARGE, 'application/json': JSON.stringify({ message: BODY_TOO_LARGE }) },
  });
  for (const type of [ResponseType.THROTTLED, ResponseType.QUOTA_EXCEEDED]) {
    api.addGatewayResponse(type.responseType, { type, responseHeaders: LATER });
  }
  const type = ResponseType.DEFAULT_4XX;
  api.addGatewayResponse(type.responseType, { type, responseHeaders: CORS });
}
