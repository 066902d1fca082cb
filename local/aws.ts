/** Clients for the emulated AWS. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';

/** The account and region that the emulated AWS is, and that the stack is synthesized for. */
export const ACCOUNT = '000000000000';
export const REGION = 'us-east-1';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What has the SDK speak to the emulated AWS, and with it the commands of an operator. */
export const environmentOf = (endpoint: string) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
});

export interface Aws {
  cloudFormation: CloudFormationClient;
  dynamodb: DynamoDBClient;
  lambda: LambdaClient;
  s3: S3Client;
  sqs: SQSClient;
}

/** What a client of it is configured with. */
export const accessTo = (endpoint: string) => ({ endpoint, region: REGION, credentials: CREDENTIALS });

export function awsAt(endpoint: string): Aws {
  const config = accessTo(endpoint);
  return {
    cloudFormation: new CloudFormationClient(config),
    dynamodb: new DynamoDBClient(config),
    lambda: new LambdaClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sqs: new SQSClient({ ...config, useQueueUrlAsEndpoint: false }),
  };
}

export function closeAws(aws: Aws): void {
  for (const client of Object.values(aws)) client.destroy();
}
