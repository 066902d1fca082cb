/** `npm run destroy`: deletes a deployment, and says what of it stays. */
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type StackResourceSummary,
  UpdateTerminationProtectionCommand,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { Command } from 'commander';
import { z } from 'zod';
import { onAws } from '../cli/operator/aws.ts';
import { expectTyped } from '../cli/operator/expect-typed.ts';
import { readLanes } from '../cli/operator/lanes.ts';
import { findStack } from '../cli/operator/stack.ts';
import { type StackOptions, withStack } from '../cli/options.ts';
import { type Outcome, perform } from '../cli/perform.ts';
import { stackOf } from '../core/stage.ts';

const LONGEST_SECONDS = 3600;

const cloudFormation = new CloudFormationClient();

withStack(new Command('npm run destroy --'))
  .description('Deletes a deployment. What it keeps data in stays, unless it was deployed with -c keepData=false.')
  .option('--yes', 'do not ask')
  .action((options: StackOptions & { yes?: boolean }) => perform(options, ({ first }) => destroy(options, first)))
  .parse();

async function destroy({ stage, yes }: StackOptions & { yes?: boolean }, signal: AbortSignal): Promise<Outcome> {
  const name = stackOf(stage);
  const lanes = await readLanes(await findStack(stage));
  const open = lanes.reduce((sum, { pending, proving }) => sum + pending + proving, 0);
  if (!yes) await expectTyped(name, `This deletes ${name}, which has ${open} open jobs: they get no answer.`, signal);
  const kept = await onAws(() => resourcesKept(name));
  await deleteStack(name, signal);
  return { value: { stack: name, kept }, text: told(name, kept) };
}

async function deleteStack(StackName: string, abortSignal: AbortSignal): Promise<void> {
  const { Stacks: [stack] = [] } = await onAws(() => cloudFormation.send(new DescribeStacksCommand({ StackName })));
  // A deleted stack can be asked about by its id alone.
  const id = `${stack?.StackId}`;
  if (stack?.EnableTerminationProtection) {
    const off = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false });
    await onAws(() => cloudFormation.send(off));
  }
  await onAws(() => cloudFormation.send(new DeleteStackCommand({ StackName: id })));
  const waiter = { client: cloudFormation, maxWaitTime: LONGEST_SECONDS, abortSignal };
  await onAws(() => waitUntilStackDeleteComplete(waiter, { StackName: id }));
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
