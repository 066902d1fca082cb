/** What API Gateway answers by itself: problems, with the codes of our own. */
import { ResponseType, type RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { NightshiftError } from '../core/errors.ts';
import { EXPOSED, VARY } from '../core/http/cors.ts';
import {
  FAILED,
  gatewayAnswer,
  MALFORMED,
  NO_WORKING_KEY,
  NOT_LET_IN,
  TIMED_OUT,
  TOO_LARGE,
  tooManyRequests,
} from '../core/http/gateway-refusals.ts';

const ANSWERS: [ResponseType, NightshiftError][] = [
  [ResponseType.UNAUTHORIZED, NO_WORKING_KEY],
  [ResponseType.MISSING_AUTHENTICATION_TOKEN, NO_WORKING_KEY],
  [ResponseType.ACCESS_DENIED, NOT_LET_IN],
  [ResponseType.WAF_FILTERED, NOT_LET_IN],
  [ResponseType.REQUEST_TOO_LARGE, TOO_LARGE],
  [ResponseType.THROTTLED, tooManyRequests()],
  [ResponseType.QUOTA_EXCEEDED, tooManyRequests()],
  // Clients of the reference server retry 500 and 503: a function that crashed or was cut off is worth a retry.
  [ResponseType.INTEGRATION_TIMEOUT, TIMED_OUT],
  [ResponseType.INTEGRATION_FAILURE, FAILED],
  [ResponseType.AUTHORIZER_FAILURE, FAILED],
  [ResponseType.AUTHORIZER_CONFIGURATION_ERROR, FAILED],
  [ResponseType.API_CONFIGURATION_ERROR, FAILED],
  [ResponseType.DEFAULT_5XX, FAILED],
  [ResponseType.DEFAULT_4XX, MALFORMED],
];

/** A page's script can read an error only if it says so. */
const CORS = {
  'Access-Control-Allow-Origin': 'method.request.header.Origin',
  'Access-Control-Allow-Credentials': "'true'",
  'Access-Control-Expose-Headers': `'${EXPOSED}'`,
  Vary: `'${VARY}'`,
};

export function addGatewayResponses(api: RestApi): void {
  for (const [type, refusal] of ANSWERS) {
    const { statusCode, headers = {}, body } = gatewayAnswer(refusal);
    const later = headers['retry-after'];
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: `${statusCode}`,
      responseHeaders: { ...CORS, ...(later !== undefined && { 'Retry-After': `'${later}'` }) },
      templates: { [`${headers['content-type']}`]: body },
    });
  }
}
