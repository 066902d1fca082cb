import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { expect, test } from 'vitest';
import { problem } from '../../core/api/fields.ts';
import { isErrorCode, statusOf } from '../../core/errors.ts';
import { addGatewayResponses } from '../../infra/gateway-responses.ts';

interface GatewayResponse {
  ResponseType: string;
  StatusCode: string;
  ResponseParameters: Record<string, string>;
  ResponseTemplates: Record<string, string>;
}

function gatewayResponses(): Map<string, GatewayResponse> {
  const stack = new Stack(new App());
  const api = new RestApi(stack, 'Api');
  api.root.addMethod('GET');
  addGatewayResponses(api);
  const found = Object.values(Template.fromStack(stack).findResources('AWS::ApiGateway::GatewayResponse'));
  return new Map(found.map(({ Properties }) => [Properties.ResponseType, Properties]));
}

const responses = gatewayResponses();

test.each([...responses])('%s is a problem, which a page may read', (_, { StatusCode, ...response }) => {
  expect(Object.keys(response.ResponseTemplates)).toEqual(['application/json']);
  const template = `${response.ResponseTemplates['application/json']}`;
  expect(template, 'nothing that API Gateway would put something in the place of').not.toContain('$');
  const { status, code } = problem.parse(JSON.parse(template));
  expect([`${status}`, isErrorCode(code) && statusOf(code)]).toEqual([StatusCode, status]);
  expect(response.ResponseParameters).toMatchObject({
    'gatewayresponse.header.Access-Control-Allow-Origin': 'method.request.header.Origin',
    'gatewayresponse.header.Access-Control-Expose-Headers': expect.stringContaining('Retry-After'),
  });
  const mayPass = status === 429 || status === 503;
  expect('gatewayresponse.header.Retry-After' in response.ResponseParameters).toBe(mayPass);
});

const { UNAUTHORIZED, ACCESS_DENIED, REQUEST_TOO_LARGE, THROTTLED, QUOTA_EXCEEDED } = ResponseType;
const { INTEGRATION_TIMEOUT, INTEGRATION_FAILURE, AUTHORIZER_FAILURE, DEFAULT_4XX, DEFAULT_5XX } = ResponseType;

test.each([
  [UNAUTHORIZED, 'UNAUTHENTICATED'],
  [ACCESS_DENIED, 'FORBIDDEN'],
  [REQUEST_TOO_LARGE, 'PAYLOAD_TOO_LARGE'],
  [THROTTLED, 'RATE_LIMITED'],
  [QUOTA_EXCEEDED, 'RATE_LIMITED'],
  [INTEGRATION_TIMEOUT, 'UNAVAILABLE'],
  [INTEGRATION_FAILURE, 'UNAVAILABLE'],
  [AUTHORIZER_FAILURE, 'UNAVAILABLE'],
  // Whatever has no answer of its own.
  [DEFAULT_4XX, 'INVALID_REQUEST'],
  [DEFAULT_5XX, 'UNAVAILABLE'],
])('$responseType has the code %s', ({ responseType }, code) => {
  const template = responses.get(responseType)?.ResponseTemplates['application/json'];
  expect(JSON.parse(`${template}`)).toMatchObject({ code });
});
