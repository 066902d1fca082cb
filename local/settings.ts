/** What the template says and the emulated CloudFormation ignores, put by the service's own calls. */
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import type { Aws } from './aws.ts';
import type { Template } from './template.ts';

const TABLES = ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'];

/** Time to live of the stack's tables. */
export async function applyTimeToLive(aws: Aws, stack: string, template: Template): Promise<void> {
  const { StackResources } = await aws.cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stack }));
  for (const { LogicalResourceId, PhysicalResourceId: TableName, ResourceType } of StackResources ?? []) {
    if (!LogicalResourceId || !ResourceType || !TABLES.includes(ResourceType)) continue;
    const TimeToLiveSpecification = template.Resources[LogicalResourceId]?.Properties?.TimeToLiveSpecification as
      | { AttributeName: string; Enabled: boolean }
      | undefined;
    const { TimeToLiveDescription } = await aws.dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    if (!TimeToLiveSpecification?.Enabled || TimeToLiveDescription?.TimeToLiveStatus === 'ENABLED') continue;
    await aws.dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  }
}
