/** `npm run destroy`: deletes a deployment, and says what of it stays. */
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { Command } from 'commander';
import { z } from 'zod';
import { CliError, EXIT } from '../cli/error.ts';
import { onAws } from '../cli/operator/aws.ts';
import { expectTyped } from '../cli/operator/expect-typed.ts';
import { readLanes } from '../cli/operator/lanes.ts';
import { describeStack, findStack } from '../cli/operator/stack.ts';
import { type StackOptions, withStack } from '../cli/options.ts';
import { type Outcome, perform } from '../cli/perform.ts';
import { stackOf } from '../core/stage.ts';
import { endProtection, isBroken } from './failed-stack.ts';

const LONGEST_SECONDS = 3600;

const cloudFormation = new CloudFormationClient();

withStack(new Command('npm run destroy --'))
  .description('Deletes a deployment. What it keeps data in stays, unless it was deployed with -c keepData=false.')
  .option('--yes', 'do not ask')
  .action((options: StackOptions & { yes?: boolean }) => perform(options, ({ first }) => destroy(options, first)))
  .parse();

async function destroy({ stage, yes }: StackOptions & { yes?: boolean }, signal: AbortSignal): Promise<Outcome> {
  const name = stackOf(stage);
  const { StackStatus = '', StackId = '', EnableTerminationProtection } = await describeStack(name);
  const atStake = isBroken(StackStatus) ? `is ${StackStatus}` : `has ${await openJobs(stage)}`;
  if (!yes) await expectTyped(name, `This deletes ${name}, which ${atStake}.`, signal);
  const kept = await onAws(() => resourcesKept(name));
  if (EnableTerminationProtection) await endProtection(name);
  await deleteStack(StackId, signal);
  return { value: { stack: name, kept }, text: told(name, kept) };
}

/** @throws CliError STACK_NOT_FOUND if the stack is not one of ours */
async function openJobs(stage?: string): Promise<string> {
  const lanes = await readLanes(await findStack(stage));
  const open = lanes.reduce((sum, { pending, proving }) => sum + pending + proving, 0);
  return `${open} open jobs: they get no answer`;
}

/** @param StackName its id: by its name, a stack that is deleted can't be asked about. */
async function deleteStack(StackName: string, abortSignal: AbortSignal): Promise<void> {
  await onAws(() => cloudFormation.send(new DeleteStackCommand({ StackName })));
  const waiter = { client: cloudFormation, maxWaitTime: LONGEST_SECONDS, abortSignal };
  await onAws(() => waitUntilStackDeleteComplete(waiter, { StackName })).catch(async (error) => {
    throw (await notDeleted(StackName, error)) ?? error;
  });
}

/** @returns what is in the way, if CloudFormation has met something. */
async function notDeleted(StackName: string, cause: Error): Promise<CliError | undefined> {
  const { StackEvents = [] } = await onAws(() => cloudFormation.send(new DescribeStackEventsCommand({ StackName })));
  const reasons = StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED').map(
    ({ LogicalResourceId, ResourceStatusReason }) => `  ${LogicalResourceId}: ${ResourceStatusReason}`,
  );
  if (reasons.length === 0) return undefined;
  const text = `The stack could not be deleted. Mend this, and run it again:\n${reasons.join('\n')}`;
  return new CliError('NOT_DELETED', EXIT.refused, text, { cause });
}

type Kept = Required<Pick<StackResourceSummary, 'ResourceType' | 'PhysicalResourceId'>>;

const template = z.object({ Resources: z.record(z.string(), z.object({ DeletionPolicy: z.string().optional() })) });

/** What outlives the stack, by its template. */
async function resourcesKept(StackName: string): Promise<Kept[]> {
  const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
  const { Resources } = template.parse(JSON.parse(`${TemplateBody}`));
  const kept: Kept[] = [];
  for await (const page of paginateListStackResources({ client: cloudFormation }, { StackName })) {
    const { StackResourceSummaries: resources = [] } = page;
    for (const { LogicalResourceId = '', ResourceType = '', PhysicalResourceId = '' } of resources) {
      const policy = Resources[LogicalResourceId]?.DeletionPolicy ?? 'Delete';
      // A function takes its versions along.
      if (policy.startsWith('Retain') && ResourceType !== 'AWS::Lambda::Version') {
        kept.push({ ResourceType, PhysicalResourceId });
      }
    }
  }
  return kept;
}

function told(name: string, kept: Kept[]): string {
  if (kept.length === 0) return `${name} is deleted, with all that it had.`;
  return `${name} is deleted. What it kept data in is still there, and costs:
${kept.map(({ ResourceType, PhysicalResourceId }) => `  ${ResourceType}  ${PhysicalResourceId}`).join('\n')}
docs/runbook.md says how to delete that, too.`;
}
