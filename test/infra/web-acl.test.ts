import { App } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, test } from 'vitest';
import { settingsOf } from '../../infra/settings.ts';
import { synthesize } from './synthesize.ts';

describe('the web ACL', () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize({ packaging: 'zip' });
  });

  test('lets 600 requests a minute through that come from one address without an API key', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      Rules: [
        Match.objectLike({
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'IP',
              Limit: 600,
              EvaluationWindowSec: 60,
              ScopeDownStatement: {
                NotStatement: {
                  Statement: {
                    RegexMatchStatement: Match.objectLike({
                      FieldToMatch: { SingleHeader: { Name: 'x-api-key' } },
                      RegexString: '^ns[kp]_live_[\\w-]{43}$',
                    }),
                  },
                },
              },
            },
          },
        }),
        Match.objectLike({
          Name: 'FromOneAddress',
          Statement: {
            RateBasedStatement: {
              AggregateKeyType: 'IP',
              Limit: 12_000,
              EvaluationWindowSec: 60,
              ScopeDownStatement: Match.absent(),
            },
          },
        }),
      ],
    });
  });

  test('answers others 429 with Retry-After and a problem, which a page may read', () => {
    const [{ Properties } = { Properties: undefined }] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    const [{ Action }, ...others] = Properties.Rules;
    for (const other of others) expect(other.Action).toEqual(Action);
    const { ResponseCode, CustomResponseBodyKey, ResponseHeaders } = Action.Block.CustomResponse;
    expect(ResponseCode).toBe(429);
    expect(ResponseHeaders).toContainEqual({ Name: 'Retry-After', Value: '60' });
    expect(ResponseHeaders).toContainEqual({ Name: 'Access-Control-Allow-Origin', Value: '*' });
    const { ContentType, Content } = Properties.CustomResponseBodies[CustomResponseBodyKey];
    expect(ContentType).toBe('APPLICATION_JSON');
    expect(JSON.parse(Content)).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  });

  test('keeps no request as a sample: its headers hold keys', () => {
    const text = JSON.stringify(template.findResources('AWS::WAFv2::WebACL'));
    expect(new Set(text.match(/"SampledRequestsEnabled":(?:true|false)/g))).toEqual(
      new Set(['"SampledRequestsEnabled":false']),
    );
  });

  test('is on the stage', () => {
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('DeploymentStageprod') }])] },
      WebACLArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^ApiWebAcl'), 'Arn'] },
    });
  });
});

test('it has another limit, or is left out, where the context says so', () => {
  const [other] = Object.values(
    synthesize({ packaging: 'zip', requestsWithoutKeyPerMinute: '50' }).findResources('AWS::WAFv2::WebACL'),
  );
  expect(other?.Properties.Rules[0].Statement.RateBasedStatement.Limit).toBe(50);
  expect(() => settingsOf(new App({ context: { requestsWithoutKeyPerMinute: 9 } }))).toThrow('PerMinute');
  const without = synthesize({ packaging: 'zip', waf: 'false' });
  without.resourceCountIs('AWS::WAFv2::WebACL', 0);
  without.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
});
