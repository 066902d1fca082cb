/** Stacks that did not come into being, or did not quite go. */
import { CloudFormationClient, UpdateTerminationProtectionCommand } from '@aws-sdk/client-cloudformation';
import { CliError } from '../cli/error.ts';
import { onAws } from '../cli/operator/aws.ts';
import { describeStack } from '../cli/operator/stack.ts';

/** Whether nothing can be done with a stack of that status but to delete it: it proves nothing. */
export const isBroken = (status = ''): boolean => /^(?:CREATE_FAILED$|ROLLBACK_|DELETE_)/.test(status);

/** Before it deploys anew, the CDK deletes what is left of a first deployment that failed. That is protected already. */
export async function releaseFailed(name: string): Promise<void> {
  const stack = await describeStack(name).catch((error) => {
    if (error instanceof CliError && error.code === 'STACK_NOT_FOUND') return undefined;
    throw error;
  });
  if (stack?.EnableTerminationProtection && isBroken(stack.StackStatus)) await endProtection(name);
}

export async function endProtection(StackName: string): Promise<void> {
  const off = new UpdateTerminationProtectionCommand({ StackName, EnableTerminationProtection: false });
  await onAws(() => new CloudFormationClient().send(off));
}
