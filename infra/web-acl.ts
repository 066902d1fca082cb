import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { gatewayAnswer, tooManyRequests } from '../core/http/gateway-refusals.ts';
import { RATE_WINDOW_SECONDS } from '../core/limits.ts';
import { settingsOf } from './settings.ts';

const TOO_MANY = 'TooMany';

/** Bounds the requests without an API key that come from one address. Those with one have limits of their own. */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, api: RestApi) {
    super(scope, id);
    const { statusCode, headers = {}, body } = gatewayAnswer(tooManyRequests(RATE_WINDOW_SECONDS));
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: measuredAs('WebAcl'),
      customResponseBodies: { [TOO_MANY]: { contentType: 'APPLICATION_JSON', content: body } },
      rules: [
        {
          name: 'WithoutApiKey',
          priority: 0,
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: settingsOf(this).requestsWithoutKeyPerMinute,
              evaluationWindowSec: RATE_WINDOW_SECONDS,
              scopeDownStatement: { notStatement: { statement: HAS_API_KEY } },
            },
          },
          action: {
            block: {
              customResponse: {
                responseCode: statusCode,
                customResponseBodyKey: TOO_MANY,
                responseHeaders: [
                  { name: 'Retry-After', value: `${headers['retry-after']}` },
                  // The web ACL can't tell which page asks.
                  { name: 'Access-Control-Allow-Origin', value: '*' },
                  { name: 'Access-Control-Expose-Headers', value: 'Retry-After' },
                ],
              },
            },
          },
          visibilityConfig: measuredAs('WithoutApiKey'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'OnStage', { resourceArn: api.deploymentStage.stageArn, webAclArn: acl.attrArn });
  }
}

const HAS_API_KEY: CfnWebACL.StatementProperty = {
  sizeConstraintStatement: {
    fieldToMatch: { singleHeader: { Name: 'x-api-key' } },
    comparisonOperator: 'GT',
    size: 0,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

/** Counted, and no request kept as a sample: headers hold keys. */
const measuredAs = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
