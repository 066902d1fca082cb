/** What the template says and the emulated CloudFormation ignores, put by the service's own calls. */
import { DescribeStackResourcesCommand, type StackResource } from '@aws-sdk/client-cloudformation';
import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { type ObjectLockConfiguration, PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import type { Aws } from './aws.ts';
import type { Template } from './template.ts';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Time to live of the stack's tables, locks of its buckets, and what of the concurrency is reserved for its functions. */
export async function applySettings(aws: Aws, stack: string, template: Template): Promise<void> {
  const { StackResources = [] } = await aws.cloudFormation.send(
    new DescribeStackResourcesCommand({ StackName: stack }),
  );
  for (const resource of StackResources) {
    const properties = template.Resources[resource.LogicalResourceId ?? '']?.Properties ?? {};
    if (TABLES.includes(`${resource.ResourceType}`)) await applyTimeToLive(aws, resource, properties);
    if (resource.ResourceType === 'AWS::S3::Bucket') await applyLock(aws, resource, properties);
    if (resource.ResourceType === 'AWS::Lambda::Function') await applyConcurrency(aws, resource, properties);
  }
}

type Properties = Record<string, unknown>;

async function applyTimeToLive(
  { dynamodb }: Aws,
  { PhysicalResourceId: TableName }: StackResource,
  properties: Properties,
): Promise<void> {
  const TimeToLiveSpecification = properties.TimeToLiveSpecification as
    | { AttributeName: string; Enabled: boolean }
    | undefined;
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
  if (!TimeToLiveSpecification?.Enabled || TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') return;
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

async function applyLock(
  { s3 }: Aws,
  { PhysicalResourceId: Bucket }: StackResource,
  properties: Properties,
): Promise<void> {
  const lock = properties.ObjectLockConfiguration as ObjectLockConfiguration | undefined;
  if (lock) await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lock }));
}

async function applyConcurrency(
  { lambda }: Aws,
  { PhysicalResourceId: FunctionName }: StackResource,
  properties: Properties,
): Promise<void> {
  const reserved = properties.ReservedConcurrentExecutions as number | undefined;
  if (reserved === undefined) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: reserved }));
}
