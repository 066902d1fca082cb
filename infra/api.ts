import { Duration, Validations } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  IdentitySource,
  LambdaIntegration,
  LogGroupLogDestination,
  RequestAuthorizer,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { API_KEY_HEADER } from '../core/access/header.ts';
import {
  API_REQUEST_BURST,
  API_REQUESTS_PER_SECOND,
  API_TIMEOUT_SECONDS,
  AUTHORIZE_MB,
  AUTHORIZE_TIMEOUT_SECONDS,
  STATUS_MB,
  SUBMIT_MB,
} from '../core/limits.ts';
import { FREE_DISK_MB } from '../core/prices.ts';
import {
  INLINED_KEYS_PREFIX,
  objectOf,
  PARAMS_PREFIX,
  RESULTS_PREFIX,
  SECRETS_PREFIX,
  UPLOADS_PREFIX,
  WITNESS_PREFIX,
} from '../core/store/objects.ts';
import { Domain } from './domain.ts';
import { grantEnqueue, queueUrlsOf } from './enqueue.ts';
import { cacheBounds, zipFunction } from './function.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import type { LaneQueue } from './lane.ts';
import { monthOfLogs } from './logs.ts';
import type { ProverLayer } from './packaging.ts';
import { ACCOUNTS, API_KEYS, ARTIFACTS, BATCHES, CONTRACTS, JOBS, REFUSALS, TENANTS } from './partitions.ts';
import { addRoutes } from './routes.ts';
import type { Sealing } from './sealing.ts';
import { settingsOf } from './settings.ts';
import type { Storage } from './storage.ts';
import { WebAcl } from './web-acl.ts';

/** One permission for the whole API: with one for each method, a function's policy outgrows the 20 KB that Lambda takes. */
const ANY_METHOD = { scopePermissionToMethod: false };

export interface ApiProps {
  storage: Storage;
  sealing: Sealing;
  lanes: LaneQueue[];
  layer: ProverLayer;
  prefetch: LambdaFunction;
}

/** The REST API with the two functions that answer it. */
export class Api extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const api = this.#restApi();
    const submit = new LambdaIntegration(this.#submit(props), ANY_METHOD);
    const status = new LambdaIntegration(this.#status(props), ANY_METHOD);
    addRoutes(api.root, { submit, status, authorizer: this.#authorizer(props) });
    addGatewayResponses(api);
    this.#limitRates(api);
    const { domain } = settingsOf(this);
    this.url = domain ? new Domain(this, 'Domain', { api, ...domain }).url : api.url;
  }

  #restApi(): RestApi {
    return new RestApi(this, 'RestApi', {
      description: 'Nightshift',
      binaryMediaTypes: ['*/*'],
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        tracingEnabled: true,
        throttlingRateLimit: API_REQUESTS_PER_SECOND,
        throttlingBurstLimit: API_REQUEST_BURST,
        accessLogDestination: new LogGroupLogDestination(monthOfLogs(this, 'AccessLogs')),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
    });
  }

  #limitRates(api: RestApi): void {
    if (settingsOf(this).waf) {
      new WebAcl(this, 'WebAcl', api);
      return;
    }
    const reason = 'It was left out (-c waf=false): the stage throttle and the limits of API keys remain.';
    Validations.of(this).acknowledge({ id: 'AwsSolutions::AwsSolutions-APIG3', reason });
  }

  /** One identity source: of several, each would have to be there. A request without it never reaches the function. */
  #authorizer({ storage }: ApiProps): RequestAuthorizer {
    const authorize = zipFunction(this, 'authorize', {
      storage,
      memoryMb: AUTHORIZE_MB,
      timeoutSeconds: AUTHORIZE_TIMEOUT_SECONDS,
    });
    storage.grantRows(authorize, [...API_KEYS, ...ACCOUNTS], 'GetItem');
    storage.grantAttributes(authorize, API_KEYS, ['lastUsedAt']);
    storage.grantRows(authorize, REFUSALS, 'PutItem');
    return new RequestAuthorizer(this, 'Authorizer', {
      handler: authorize,
      identitySources: [IdentitySource.header(API_KEY_HEADER)],
      resultsCacheTtl: Duration.seconds(settingsOf(this).authorizationCacheSeconds),
    });
  }

  #submit({ storage, sealing, lanes, layer }: ApiProps): LambdaFunction {
    const submit = zipFunction(this, 'submit', {
      storage,
      memoryMb: SUBMIT_MB,
      timeoutSeconds: API_TIMEOUT_SECONDS,
      // It verifies: verifier keys are kept.
      environment: { ...queueUrlsOf(lanes), ...cacheBounds({ memoryMb: SUBMIT_MB, diskMb: FREE_DISK_MB }) },
      layers: [layer],
    });
    const rows = [...JOBS, ...BATCHES, ...CONTRACTS, ...ARTIFACTS];
    storage.grantRows(submit, rows, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem');
    storage.grantRows(submit, ACCOUNTS, 'GetItem');
    storage.grantRows(submit, REFUSALS, 'PutItem');
    // Requests whose answer has been given.
    storage.grantRows(submit, TENANTS, 'DeleteItem');
    storage.grantObjects(submit, WITNESS_PREFIX, 'Put');
    sealing.grantSeal(submit);
    storage.grantObjects(submit, INLINED_KEYS_PREFIX, 'Get', 'Put');
    // What a contract is registered with; proofs are verified with the verifier keys.
    storage.grantObjects(submit, objectOf.key('*', 'zkir'), 'Put');
    storage.grantObjects(submit, objectOf.key('*', 'verifier'), 'Get', 'Put');
    // By the URLs that it signs.
    storage.grantObjects(submit, UPLOADS_PREFIX, 'Get', 'Put');
    storage.grantObjects(submit, RESULTS_PREFIX, 'Get');
    storage.grantObjects(submit, SECRETS_PREFIX, 'Get', 'Put');
    grantEnqueue(submit, lanes);
    return submit;
  }

  #status({ storage, sealing, prefetch }: ApiProps): LambdaFunction {
    const status = zipFunction(this, 'status', {
      storage,
      memoryMb: STATUS_MB,
      timeoutSeconds: API_TIMEOUT_SECONDS,
      environment: {
        PREFETCH_FUNCTION_NAME: prefetch.functionName,
        FETCH_PARAMS: settingsOf(this).fetchParams ? 'on' : 'off',
      },
    });
    storage.grantRows(status, [...JOBS, ...BATCHES, ...CONTRACTS, ...ARTIFACTS], 'GetItem', 'BatchGetItem', 'Query');
    storage.grantRows(status, ACCOUNTS, 'GetItem');
    storage.grantIndex(status);
    storage.grantRows(status, [...TENANTS, ...REFUSALS], 'PutItem');
    // It cancels jobs, and ends those whose deadline has passed.
    storage.grantRows(status, JOBS, 'UpdateItem', 'DeleteItem');
    storage.grantObjects(status, WITNESS_PREFIX, 'Delete');
    // It tells which key to seal with.
    sealing.grantSeal(status);
    storage.grantObjects(status, RESULTS_PREFIX, 'Get');
    storage.grantObjects(status, PARAMS_PREFIX, 'Get');
    // Its own grant would add every version and alias.
    status.addToRolePolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [prefetch.functionArn] }),
    );
    return status;
  }
}
