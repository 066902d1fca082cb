/** The deployment that operator's commands are about, by the outputs of its stack. */
import {
  CloudFormationClient,
  type CloudFormationServiceException,
  type Stack as Described,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { type DeployedLane, deployedLane, laneOutput } from '../../core/deployed-lane.ts';
import { jsonText } from '../../core/json-text.ts';
import { LANE_NAMES, laneSettings } from '../../core/lanes.ts';
import { stackOf } from '../../core/stage.ts';
import { CliError, EXIT } from '../error.ts';
import { onAws } from './aws.ts';

const outputs = z.object({
  TableName: z.string(),
  BucketName: z.string(),
  AuthorizationCacheSeconds: z.coerce.number(),
  DeadLetterQueueUrl: z.string(),
  SettleEventSource: z.string(),
  LaneSettings: jsonText(laneSettings.shape.lanes.unwrap()),
});

export interface Stack {
  deadLetterQueueUrl: string;
  /** The UUID of the event source that hands dead letters to settle. */
  settleEventSource: string;
  /** How long API Gateway goes by what it was told of an API key. */
  authorizationCacheSeconds: number;
  lanes: DeployedLane[];
  /** What the CDK context said of lanes when it was deployed. */
  laneSettings: NonNullable<z.infer<typeof laneSettings>['lanes']>;
}

/**
 * Finds the stack, and has core/ work on its table and bucket from now on.
 *
 * @throws CliError STACK_NOT_FOUND
 */
export async function findStack(stage?: string): Promise<Stack> {
  const name = stackOf(stage);
  const given = await outputsOf(name);
  const told = outputs.safeParse(given);
  if (!told.success) {
    throw notFound(`Stack ${name} is none of Nightshift's, or older than this command: deploy it anew.`, told.error);
  }
  const { TableName, BucketName, DeadLetterQueueUrl, SettleEventSource, AuthorizationCacheSeconds, LaneSettings } =
    told.data;
  Object.assign(process.env, { TABLE_NAME: TableName, BUCKET_NAME: BucketName });
  return {
    authorizationCacheSeconds: AuthorizationCacheSeconds,
    deadLetterQueueUrl: DeadLetterQueueUrl,
    settleEventSource: SettleEventSource,
    laneSettings: LaneSettings,
    lanes: LANE_NAMES.flatMap((lane) => given[laneOutput(lane)] ?? []).map((text) =>
      jsonText(deployedLane).parse(text),
    ),
  };
}

async function outputsOf(name: string): Promise<Record<string, string>> {
  const { Outputs = [] } = await describeStack(name);
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

/** As CloudFormation has it. @throws CliError STACK_NOT_FOUND */
export async function describeStack(name: string): Promise<Described> {
  const { Stacks = [] } = await onAws(() =>
    new CloudFormationClient()
      .send(new DescribeStacksCommand({ StackName: name }))
      .catch((error: CloudFormationServiceException) => {
        if (error.message.includes('does not exist')) throw noStack(name, error);
        throw error;
      }),
  );
  const [stack] = Stacks;
  if (!stack) throw noStack(name);
  return stack;
}

const noStack = (name: string, cause?: Error): CliError =>
  notFound(
    `There is no stack ${name} in this account and region. --stage names another one, AWS_REGION where it is.`,
    cause,
  );

const notFound = (message: string, cause?: Error): CliError =>
  new CliError('STACK_NOT_FOUND', EXIT.wrongUse, message, { cause });
