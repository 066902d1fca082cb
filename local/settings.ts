/** What the template says and the emulated CloudFormation ignores, put by the services' own calls. */
import { type CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { DescribeTimeToLiveCommand, type DynamoDBClient, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteFunctionConcurrencyCommand,
  type LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import type { Aws } from './aws.ts';
import type { Template } from './template.ts';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Time to live of tables and reserved concurrency of functions. */
export async function applyIgnoredSettings(aws: Aws, stack: string, template: Template): Promise<void> {
  const physicalIds = await physicalIdsOf(aws.cloudFormation, stack);
  for (const [name, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const id = physicalIds.get(name);
    if (!id) continue;
    if (TABLES.includes(Type)) await applyTimeToLive(aws.dynamodb, id, Properties.TimeToLiveSpecification);
    if (Type === 'AWS::Lambda::Function')
      await applyConcurrency(aws.lambda, id, Properties.ReservedConcurrentExecutions);
  }
}

async function physicalIdsOf(client: CloudFormationClient, stack: string): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? []) {
      if (LogicalResourceId && PhysicalResourceId) ids.set(LogicalResourceId, PhysicalResourceId);
    }
  }
  return ids;
}

async function applyTimeToLive(dynamodb: DynamoDBClient, table: string, specification: unknown): Promise<void> {
  const wanted = specification as { AttributeName: string; Enabled: boolean } | undefined;
  const { TimeToLiveDescription } = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName: table }));
  if (!wanted || (TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') === wanted.Enabled) return;
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: table, TimeToLiveSpecification: wanted }));
}

async function applyConcurrency(lambda: LambdaClient, name: string, reserved: unknown): Promise<void> {
  const FunctionName = name;
  if (reserved === undefined) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else
    await lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: Number(reserved) }),
    );
}
