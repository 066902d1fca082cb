/** What is looked at before anything is built, and before anything is changed. */
import { spawnSync } from 'node:child_process';
import { type AccountLimit, GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { BOOTSTRAP_QUALIFIER_CONTEXT, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { onAws } from '../cli/operator/aws.ts';
import { propertiesOf, type Template } from './assembly.ts';
import type { Context } from './options.ts';

/** AWS keeps so much of an account's concurrency for functions that have none of their own. */
const UNRESERVED = 100;

export interface Findings {
  /** It would fail, or not work. */
  problems: string[];
  /** It would work less well than it could. */
  warnings: string[];
}

/**
 * Whether the account and this machine can be deployed with.
 *
 * @returns what is wrong with them, and the account's concurrency.
 * @throws CliError AWS_NOT_SET_UP, AWS_REFUSED or UNREACHABLE if it can't be found out.
 */
export async function checkSurroundings(context: Context): Promise<{ problems: string[]; limit: AccountLimit }> {
  const { AccountLimit: limit = {} } = await onAws(() => new LambdaClient().send(new GetAccountSettingsCommand()));
  const problems = [await bootstrapProblem(context), engineProblem(context)].filter((problem) => problem !== undefined);
  return { problems, limit };
}

async function bootstrapProblem(context: Context): Promise<string | undefined> {
  const qualifier = context[BOOTSTRAP_QUALIFIER_CONTEXT] ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
  const found = await onAws(() =>
    new SSMClient().send(new GetParameterCommand({ Name: `/cdk-bootstrap/${qualifier}/version` })).catch((error) => {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }),
  );
  return found ? undefined : 'The CDK has not been set up in this account and region. Run: npx cdk bootstrap';
}

/** The CDK takes another engine than Docker by the same variable. */
function engineProblem({ packaging }: Context): string | undefined {
  const engine = process.env.CDK_DOCKER ?? 'docker';
  if (packaging === 'zip' || spawnSync(engine, ['info'], { stdio: 'ignore' }).status === 0) return undefined;
  return `There is no container engine: ${engine} info does not answer. Start it, name another one in CDK_DOCKER, or deploy without one: npm run deploy -- -c packaging=zip`;
}

/** Whether the account runs as many functions at once as the template wants. @param limit for all its functions together. */
export function concurrencyFindings(
  template: Template,
  { ConcurrentExecutions: all = 0, UnreservedConcurrentExecutions: unreserved = 0 }: AccountLimit,
): Findings {
  const reserved = sum(propertiesOf(template, 'AWS::Lambda::Function'), (own) => own.ReservedConcurrentExecutions);
  const caps = sum(
    propertiesOf(template, 'AWS::Lambda::EventSourceMapping'),
    (own) => (own.ScalingConfig as { MaximumConcurrency?: number } | undefined)?.MaximumConcurrency,
  );
  const needed = reserved + UNRESERVED;
  const problems =
    reserved > 0 && all < needed
      ? [
          `The lanes reserve a concurrency of ${reserved}, ${UNRESERVED} have to stay, and the account has ${all}. ${MORE}`,
        ]
      : [];
  const warnings = [
    ...(reserved > 0 && unreserved < needed
      ? [
          `The lanes reserve a concurrency of ${reserved}, ${UNRESERVED} have to stay, and ${unreserved} are free: AWS refuses that, unless this deployment has it already. ${MORE}`,
        ]
      : []),
    ...(caps >= all
      ? [
          `The account runs ${all} functions at once, and the lanes alone may take ${caps}: in a burst, requests wait or get 503. ${MORE}`,
        ]
      : []),
  ];
  return { problems, warnings };
}

const MORE =
  'Ask for more under Service Quotas, AWS Lambda, "Concurrent executions", or lower the caps: docs/configuration.md.';

const sum = (all: Record<string, unknown>[], of: (own: Record<string, unknown>) => unknown): number =>
  all.reduce((total, own) => total + Number(of(own) ?? 0), 0);
