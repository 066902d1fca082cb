/** Creates or updates a stack through CloudFormation. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type CloudFormationClient,
  CloudFormationServiceException,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { LocalError } from './error.ts';
import type { Report } from './progress.ts';

const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 1_000;

/** A stack in one of these can only be deleted. */
const STILLBORN = ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED'];

/**
 * @param templateUrl where in S3 the template is; inline ones may not exceed 51,200 bytes
 * @returns the stack's outputs
 * @throws LocalError DEPLOY_FAILED with the reason of every resource that failed
 */
export async function deployStack(
  cloudFormation: CloudFormationClient,
  name: string,
  template: { TemplateURL: string } | { TemplateBody: string },
  report: Report,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  const settled = () => untilSettled(cloudFormation, name, report, signal);
  const started = new Date();
  let before = await describe(cloudFormation, name);
  if (before?.StackStatus && STILLBORN.includes(before.StackStatus)) {
    await cloudFormation.send(new DeleteStackCommand({ StackName: name }));
    before = await settled();
  }
  const input = { StackName: name, Capabilities: ['CAPABILITY_IAM' as const], ...template };
  try {
    await cloudFormation.send(before ? new UpdateStackCommand(input) : new CreateStackCommand(input));
  } catch (error) {
    if (!(error instanceof CloudFormationServiceException)) throw error;
    if (!error.message.includes('No updates are to be performed')) {
      throw new LocalError('DEPLOY_FAILED', `CloudFormation refuses stack ${name}: ${error.message}`);
    }
  }
  const after = await settled();
  if (after?.StackStatus !== 'CREATE_COMPLETE' && after?.StackStatus !== 'UPDATE_COMPLETE') {
    const reasons = await failures(cloudFormation, name, started);
    throw new LocalError('DEPLOY_FAILED', `Stack ${name} ended in ${after?.StackStatus}. ${reasons.join(' ')}`);
  }
  return Object.fromEntries(
    (after.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
}

async function describe(cloudFormation: CloudFormationClient, name: string): Promise<Stack | undefined> {
  try {
    return (await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))).Stacks?.[0];
  } catch (error) {
    if (error instanceof CloudFormationServiceException && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

async function untilSettled(
  cloudFormation: CloudFormationClient,
  name: string,
  report: Report,
  signal: AbortSignal,
): Promise<Stack | undefined> {
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 2, LONGEST_POLL_MS)) {
    const stack = await describe(cloudFormation, name);
    if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
    report(stack.StackStatus);
    await delay(pause, undefined, { signal });
  }
}

async function failures(cloudFormation: CloudFormationClient, name: string, since: Date): Promise<string[]> {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: name }));
  return StackEvents.filter(
    ({ ResourceStatus, Timestamp }) => ResourceStatus?.endsWith('_FAILED') && Timestamp && Timestamp >= since,
  ).map(({ LogicalResourceId, ResourceType, ResourceStatusReason }) => {
    return `${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}.`;
  });
}
