/** What the template says and the emulated CloudFormation ignores, put by the service's own calls. */
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { type ObjectLockConfiguration, PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import type { Aws } from './aws.ts';
import type { Template } from './template.ts';

/** Puts what a resource's properties say. @param name its own, in its service */
type Apply = (aws: Aws, name: string | undefined, properties: Record<string, unknown>) => Promise<void>;

const applyTimeToLive: Apply = async ({ dynamodb }, TableName, properties) => {
  const TimeToLiveSpecification = properties.TimeToLiveSpecification as
    | { AttributeName: string; Enabled: boolean }
    | undefined;
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  if (!TimeToLiveSpecification?.Enabled || TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
};

const applyLock: Apply = async ({ s3 }, Bucket, properties) => {
  const lock = properties.ObjectLockConfiguration as ObjectLockConfiguration | undefined;
  if (lock) await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lock }));
};

const applyConcurrency: Apply = async ({ lambda }, FunctionName, properties) => {
  const reserved = properties.ReservedConcurrentExecutions as number | undefined;
  if (reserved === undefined) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: reserved }));
};

/** By the type of the resource. */
const SETTINGS = new Map<string | undefined, Apply>([
  ['AWS::DynamoDB::Table', applyTimeToLive],
  ['AWS::DynamoDB::GlobalTable', applyTimeToLive],
  ['AWS::S3::Bucket', applyLock],
  ['AWS::Lambda::Function', applyConcurrency],
]);

/** Time to live of the stack's tables, locks of its buckets, and what of the concurrency is reserved for its functions. */
export async function applySettings(aws: Aws, stack: string, template: Template): Promise<void> {
  const { StackResources = [] } = await aws.cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId } of StackResources) {
    const properties = template.Resources[LogicalResourceId]?.Properties ?? {};
    await SETTINGS.get(ResourceType)?.(aws, PhysicalResourceId, properties);
  }
}
