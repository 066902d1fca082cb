/** What is looked at before anything is built for long or changed in the account. */
import { spawnSync } from 'node:child_process';
import { type AccountLimit, GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { onAws } from '../cli/operator/aws.ts';
import type { Assembly, Template } from './assembly.ts';

/** AWS keeps so much of an account's concurrency for functions that have none of their own. */
const UNRESERVED = 100;

export interface Findings {
  /** It would fail, or not work. */
  problems: string[];
  /** It would work less well than it could. */
  warnings: string[];
}

/** @throws CliError AWS_NOT_SET_UP, AWS_REFUSED or UNREACHABLE if it can't be found out. */
export async function check(assembly: Assembly): Promise<Findings> {
  const { AccountLimit = {} } = await onAws(() => new LambdaClient().send(new GetAccountSettingsCommand()));
  const { problems, warnings } = concurrencyFindings(assembly.template, AccountLimit);
  const others = [await bootstrapProblem(assembly), engineProblem(assembly)].filter((problem) => problem !== undefined);
  return { problems: [...others, ...problems], warnings };
}

async function bootstrapProblem({ bootstrap }: Assembly): Promise<string | undefined> {
  const found = await onAws(() =>
    new SSMClient().send(new GetParameterCommand({ Name: bootstrap.parameter })).catch((error) => {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }),
  );
  if (!found) return 'The CDK has not been set up in this account and region. Run: npx cdk bootstrap';
  if (Number(found.Parameter?.Value) >= bootstrap.version) return undefined;
  return `What the CDK set up in this account and region is too old (${found.Parameter?.Value}, and ${bootstrap.version} is needed). Run: npx cdk bootstrap`;
}

/** The CDK takes another engine than Docker by the same variable. */
function engineProblem({ hasImages }: Assembly): string | undefined {
  const engine = process.env.CDK_DOCKER ?? 'docker';
  if (!hasImages || spawnSync(engine, ['info'], { stdio: 'ignore' }).status === 0) return undefined;
  return `There is no container engine: ${engine} info does not answer. Start it, name another one in CDK_DOCKER, or deploy without one: npm run deploy -- -c packaging=zip`;
}

/** @param limit of the account, for all its functions together. */
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

export const propertiesOf = ({ Resources }: Template, type: string): Record<string, unknown>[] =>
  Object.values(Resources).flatMap((resource) => (resource.Type === type ? [resource.Properties ?? {}] : []));
