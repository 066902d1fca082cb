/** What authorize makes of a request, before it looks the key up, and of the answer. */
import type { APIGatewayRequestAuthorizerEvent } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { keySentWith } from '../../functions/authorize/key-sent-with.ts';
import { wholeApi } from '../../functions/authorize/whole-api.ts';

const sentWith = (multiValueHeaders: Record<string, string[]>) =>
  keySentWith({ multiValueHeaders } as unknown as APIGatewayRequestAuthorizerEvent);

describe('the key is', () => {
  test.each([
    ['in the header, however that is written', { 'X-Api-KEY': ['nsk'] }, 'nsk'],
    ['not there without the header', { authorization: ['nsk'] }, undefined],
    ['none of two', { 'x-api-key': ['one', 'two'] }, undefined],
    ['none of two headers', { 'x-api-key': ['one'], 'X-API-Key': ['two'] }, undefined],
  ])('%s', (_, headers: Record<string, string[]>, key) => {
    expect(sentWith(headers)).toBe(key);
  });
});

test('its answer is kept for all that the key asks for, so it is about the whole API', () => {
  const { Statement } = wholeApi('arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/POST/v1/jobs');
  expect(Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'execute-api:Invoke',
      Resource: 'arn:aws:execute-api:eu-central-1:123456789012:abc123/prod/*',
    },
  ]);
});
