import { type App, type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';

/** Rules that don't hold for this stack, with the reason. Grants acknowledge theirs where they are made. */
const ACKNOWLEDGED: Record<string, string> = {
  'AwsSolutions::AwsSolutions-APIG2': 'Bodies are opaque tagged bytes; submit validates them.',
  'AwsSolutions::AwsSolutions-APIG4':
    'Public are what the reference answers to anybody, and preflights; all else needs an API key.',
  'AwsSolutions::AwsSolutions-APIG6':
    'Execution logs would hold request bodies, that is, witnesses. There are access logs.',
  'AwsSolutions::AwsSolutions-COG4': 'Wallets and dApps authenticate by API key, not by a Cognito user pool.',
  'AwsSolutions::AwsSolutions-IAM5[Resource::*]': 'Sending traces to X-Ray, which knows no resources.',
  'AwsSolutions::AwsSolutions-S1': 'Only these functions read the bucket; CloudTrail data events show it where wanted.',
  'Serverless::Serverless-SQSRedrivePolicy': 'The dead-letter queue itself: settle empties it.',
  'Serverless::Serverless-SNSRedrivePolicy': 'SNS tries e-mail for hours, and the alarm can be seen in CloudWatch.',
  'Serverless::Serverless-LambdaDLQ':
    'Called by the API, by a queue with dead letters of its own, or again at the next tick.',
  'Serverless::Serverless-LambdaEventSourceMappingDestination':
    'SQS sources have no such destination; the queue redrives.',
  'Serverless::Serverless-EventBusDLQ': 'A missed tick of sweep or prefetch is made up for by the next one.',
};

/** cdk-nag's AwsSolutions and Serverless packs, at every synth. */
export function addChecks(app: App, stack: Stack): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  for (const [id, reason] of Object.entries(ACKNOWLEDGED)) Validations.of(stack).acknowledge({ id, reason });
}
