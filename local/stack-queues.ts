/** The stack's queues: whether their messages are handed to functions, and how many there are. */
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, type QueueAttributeName } from '@aws-sdk/client-sqs';
import type { Aws } from './aws.ts';
import { STACK } from './synth.ts';

const COUNTS: QueueAttributeName[] = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];

/** Has the event sources hand messages out, or keep them. What has been handed out already is not called back. */
export async function setDelivery(aws: Aws, enabled: boolean): Promise<void> {
  const mappings = await physicalIds(aws, 'AWS::Lambda::EventSourceMapping');
  await Promise.all(
    mappings.map((UUID) => aws.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: enabled }))),
  );
}

export interface Backlog {
  /** Messages that a function holds: jobs being proved, or about to be. */
  handedOut: number;
  /** Messages that lie in a queue. */
  waiting: number;
}

/** The URLs of the stack's queues. */
export const queuesOf = (aws: Aws): Promise<string[]> => physicalIds(aws, 'AWS::SQS::Queue');

/** The messages of all these queues together. */
export async function readBacklog({ sqs }: Aws, queueUrls: string[]): Promise<Backlog> {
  const backlog: Backlog = { handedOut: 0, waiting: 0 };
  for (const QueueUrl of queueUrls) {
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: COUNTS }));
    backlog.handedOut += Number(Attributes?.ApproximateNumberOfMessagesNotVisible);
    backlog.waiting += Number(Attributes?.ApproximateNumberOfMessages);
  }
  return backlog;
}

async function physicalIds({ cloudFormation }: Aws, type: string): Promise<string[]> {
  const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: STACK }));
  return StackResources.flatMap(({ ResourceType, PhysicalResourceId }) =>
    ResourceType === type && PhysicalResourceId ? [PhysicalResourceId] : [],
  );
}
