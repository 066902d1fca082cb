import { type CfnResource, Stack } from 'aws-cdk-lib';
import { Alias, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Trigger } from 'aws-cdk-lib/triggers';

/** How the CDK names the function that calls others during a deployment. */
const CALLER = 'AWSCDK.TriggerCustomResourceProviderCustomResourceProvider';

/**
 * An alias that moves to a new version only once that version has been called: its first start is slow, since Lambda then
 * fetches the image, and one that does not start fails the deployment before it gets a job.
 */
export function liveVersionOf(worker: LambdaFunction): Alias {
  const live = new Alias(worker, 'Live', { aliasName: 'live', version: worker.currentVersion });
  new Trigger(worker, 'WarmUp', { handler: worker, timeout: worker.timeout, executeBefore: [live] });
  const role = Stack.of(worker).node.findChild(CALLER).node.findChild('Role') as CfnResource;
  // AWS's own policy for functions lets them write into every log of the account. It has nothing to write.
  role.addPropertyDeletionOverride('ManagedPolicyArns');
  return live;
}
