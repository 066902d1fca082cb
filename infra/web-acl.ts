import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { API_KEY_PATTERN } from '../core/access/api-key.ts';
import { API_KEY_HEADER } from '../core/access/header.ts';
import { gatewayAnswer, tooManyRequests } from '../core/http/gateway-refusals.ts';
import { RATE_WINDOW_SECONDS } from '../core/limits.ts';
import { settingsOf } from './settings.ts';

const TOO_MANY = 'TooMany';

/**
 * Bounds the requests that come from one address: those without anything that could be an API key, and, much higher, all. Which
 * keys there are it can't tell.
 */
export class WebAcl extends Construct {
  constructor(scope: Construct, id: string, api: RestApi) {
    super(scope, id);
    const { requestsWithoutKeyPerMinute, requestsPerMinute } = settingsOf(this);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: measuredAs('WebAcl'),
      customResponseBodies: { [TOO_MANY]: { contentType: 'APPLICATION_JSON', content: REFUSAL.body } },
      rules: [
        this.#rule('WithoutApiKey', 0, requestsWithoutKeyPerMinute, { notStatement: { statement: HAS_API_KEY } }),
        this.#rule('FromOneAddress', 1, requestsPerMinute),
      ],
    });
    new CfnWebACLAssociation(this, 'OnStage', { resourceArn: api.deploymentStage.stageArn, webAclArn: acl.attrArn });
  }

  #rule(
    name: string,
    priority: number,
    limit: number,
    scopeDownStatement?: CfnWebACL.StatementProperty,
  ): CfnWebACL.RuleProperty {
    return {
      name,
      priority,
      statement: {
        rateBasedStatement: {
          aggregateKeyType: 'IP',
          limit,
          evaluationWindowSec: RATE_WINDOW_SECONDS,
          scopeDownStatement,
        },
      },
      action: { block: { customResponse: BLOCKED } },
      visibilityConfig: measuredAs(name),
    };
  }
}

const REFUSAL = gatewayAnswer(tooManyRequests(RATE_WINDOW_SECONDS));

const BLOCKED: CfnWebACL.CustomResponseProperty = {
  responseCode: REFUSAL.statusCode,
  customResponseBodyKey: TOO_MANY,
  responseHeaders: [
    { name: 'Retry-After', value: `${REFUSAL.headers?.['retry-after']}` },
    // The web ACL can't tell which page asks.
    { name: 'Access-Control-Allow-Origin', value: '*' },
    { name: 'Access-Control-Expose-Headers', value: 'Retry-After' },
  ],
};

const HAS_API_KEY: CfnWebACL.StatementProperty = {
  regexMatchStatement: {
    fieldToMatch: { singleHeader: { Name: API_KEY_HEADER } },
    regexString: `^${API_KEY_PATTERN.source}$`,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
};

/** Counted, and no request kept as a sample: headers hold keys. */
const measuredAs = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});
