/** What is looked at before anything is built, and before anything is changed. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { type AccountLimit, GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { App, BOOTSTRAP_QUALIFIER_CONTEXT, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { onAws } from '../cli/operator/aws.ts';
import { architectureNamed } from '../infra/architecture.ts';
import { machineOf } from '../infra/prover-executable.ts';
import { settingsOf } from '../infra/settings.ts';
import { propertiesOf, type Template } from './assembly.ts';
import type { Context } from './options.ts';
import { hasRust } from './prover.ts';

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
  const found = [
    await bootstrapProblem(context),
    await logRoleProblem(),
    engineProblem(context),
    proverProblem(context),
  ];
  return { problems: found.filter((problem) => problem !== undefined), limit };
}

/** @throws Error that names the setting that is wrong. */
export function expectSettings(context: Context): void {
  settingsOf(new App({ context }));
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

/** It is the account's, not a stack's: of two stacks that made it, the one that goes would take it from the other. */
async function logRoleProblem(): Promise<string | undefined> {
  const { cloudwatchRoleArn } = await onAws(() => new APIGatewayClient().send(new GetAccountCommand()));
  return cloudwatchRoleArn
    ? undefined
    : "API Gateway has no role to write logs by in this account and region, without which AWS refuses an API that logs. Give it one, once: docs/runbook.md, API Gateway's role.";
}

/** The CDK takes another engine than Docker by the same variable. */
function engineProblem({ packaging, prover }: Context): string | undefined {
  const engine = process.env.CDK_DOCKER ?? 'docker';
  if (spawnSync(engine, ['info'], { stdio: 'ignore' }).status === 0) return undefined;
  const none = `There is no container engine: ${engine} info does not answer. Start it, or name another one in CDK_DOCKER`;
  if (packaging !== 'zip') return `${none}; or deploy without one: npm run deploy -- -c packaging=zip`;
  if (prover !== undefined || hasRust()) return undefined;
  return `${none}; or install Rust by rustup, or give a prover that is built already: -c prover=FILE`;
}

/** What one that is given is for is not found out by the deployment, but by the first request. */
function proverProblem({ prover, architecture }: Context): string | undefined {
  if (typeof prover !== 'string') return undefined;
  const wanted = architectureNamed(architecture);
  if (!existsSync(prover)) return `There is no file ${prover}: -c prover=FILE names an executable that is there.`;
  return machineOf(prover) === wanted ? undefined : `${prover} is no Linux executable for ${wanted}.`;
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
