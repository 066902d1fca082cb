import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  EndpointType,
  type IResource,
  LambdaIntegration,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  API_REQUEST_BURST,
  API_REQUESTS_PER_SECOND,
  API_TIMEOUT_SECONDS,
  RETRY_AFTER_SECONDS,
} from '../core/limits.ts';
import { INLINED_KEYS_PREFIX, WITNESS_PREFIX } from '../core/store/objects.ts';
import { grantEnqueue, queueUrlsOf } from './enqueue.ts';
import { zipFunction } from './function.ts';
import type { ProvingLane } from './lane.ts';
import type { ProverLayer } from './packaging.ts';
import type { Storage } from './storage.ts';

export interface ApiProps {
  storage: Storage;
  lanes: ProvingLane[];
  layer: ProverLayer;
}

/** The REST API with the two functions that answer it. */
export class Api extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApiProps) {
    super(scope, id);
    const api = this.#restApi();
    const submit = new LambdaIntegration(this.#submit(props));
    const status = new LambdaIntegration(this.#status(props));

    for (const path of ['prove', 'check', 'k']) api.root.addResource(path).addMethod('POST', submit);
    const jobs = api.root.addResource('v1').addResource('jobs');
    jobs.addMethod('POST', submit);
    const job = jobs.addResource('{id}');
    job.addMethod('GET', status);
    job.addResource('proof').addMethod('GET', status);
    api.root.addMethod('ANY', status);
    // Whatever else there is: status answers it or says 404 the way the reference does.
    const elsewhere: IResource = api.root.addResource('{proxy+}');
    elsewhere.addMethod('ANY', status);
    this.url = api.url;
  }

  #restApi(): RestApi {
    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const api = new RestApi(this, 'RestApi', {
      description: 'Nightshift',
      binaryMediaTypes: ['*/*'],
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: false,
      deployOptions: {
        tracingEnabled: true,
        throttlingRateLimit: API_REQUESTS_PER_SECOND,
        throttlingBurstLimit: API_REQUEST_BURST,
        accessLogDestination: new LogGroupLogDestination(accessLogs),
        accessLogFormat: AccessLogFormat.jsonWithStandardFields(),
      },
    });
    // Clients of the reference server retry 503 and nothing else.
    for (const type of [ResponseType.INTEGRATION_FAILURE, ResponseType.INTEGRATION_TIMEOUT]) {
      api.addGatewayResponse(type.responseType, {
        type,
        statusCode: '503',
        responseHeaders: { 'Retry-After': `'${RETRY_AFTER_SECONDS}'` },
      });
    }
    return api;
  }

  #submit({ storage, lanes, layer }: ApiProps): LambdaFunction {
    const submit = zipFunction(this, 'submit', {
      storage,
      memoryMb: 1024,
      timeoutSeconds: API_TIMEOUT_SECONDS,
      environment: queueUrlsOf(lanes),
      layers: [layer],
    });
    storage.grantMove(submit);
    storage.grantObjects(submit, WITNESS_PREFIX, 'Put');
    storage.grantObjects(submit, INLINED_KEYS_PREFIX, 'Get', 'Put');
    grantEnqueue(submit, lanes);
    return submit;
  }

  #status({ storage }: ApiProps): LambdaFunction {
    const status = zipFunction(this, 'status', { storage, memoryMb: 512, timeoutSeconds: API_TIMEOUT_SECONDS });
    storage.grantRead(status);
    return status;
  }
}
