/** The options of `npm start --`: those of both proof servers. docs/configuration.md tells what each comes to. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { z } from 'zod';
import { type LaneSettings, laneSettings, type Pool, poolSchema } from '../core/lanes.ts';
import { API_PAYLOAD_BYTES } from '../core/limits.ts';
import { type TenantLimits, tenantLimitsSchema } from '../core/tenant-limits.ts';
import { isLoopback, LOOPBACK } from './address.ts';
import { allowOrigin } from './gateway/origin-option.ts';
import { portNumber, rangeOf, wholeNumber } from './number-options.ts';
import { STATE_ROOT } from './paths.ts';
import type { LocalStackOptions } from './stack.ts';

/** The reference server's own pool. */
const DEFAULT_POOL: Pool = { workers: 2, capacity: 0, timeoutSeconds: 600 };

const { workers, capacity, timeoutSeconds } = poolSchema.shape;

/** Words that leave a flag off when its variable is one of them, as with the reference server. */
const NO = ['', '0', 'f', 'false', 'n', 'no', 'off'];

const SERVED = [
  option('-p, --port <number>', 'where to answer; 0 is any free port').default(6300).argParser(portNumber),
  option('--num-workers <number>', 'proofs at once: one pool instead of lanes by size (then default: 2)').argParser(
    wholeNumber(workers, `AWS allows an event source ${workers.minValue} to ${workers.maxValue} functions at once.`),
  ),
  option(
    '--job-capacity <number>',
    'pending jobs before 429; 0 is unlimited; one pool, likewise (then default: 0)',
  ).argParser(wholeNumber(capacity)),
  option('--job-timeout <seconds>', 'what a proof may take; one pool, likewise (then default: 600)').argParser(
    invocationSeconds,
  ),
  option(
    '--rate-limit <number>',
    'requests without an API key per second from one address (default: no limit)',
  ).argParser(wholeNumber(z.int().min(1))),
  option('--max-payload-size <bytes>', 'largest body')
    .default(API_PAYLOAD_BYTES)
    .argParser(
      wholeNumber(
        z.int().min(1).max(API_PAYLOAD_BYTES),
        `API Gateway takes bodies of up to ${API_PAYLOAD_BYTES} bytes.`,
      ),
    ),
  option('-v, --verbose', 'log more, and a line per request'),
  option('--enable-fetch-params', 'serve /fetch-params (the default)'),
  option('--no-fetch-params', 'answer /fetch-params with 404').conflicts('enableFetchParams'),
  option('--disable-auth', 'answer without asking for API keys (the default on this machine)').conflicts('auth'),
  option('--enable-tls', 'as --tls'),
  option('--tls-cert <file>', 'certificate for TLS, PEM (default: one that is made, and signed by itself)'),
  option('--tls-key <file>', 'its private key, PEM'),
  option('--auto-generate-cert', 'as --tls without a certificate'),
];

const API_KEY = option('--api-key <keys>', 'refused: nightshift api-keys makes keys, for --auth');

const ENVIRONMENT = `
Environment:
  MIDNIGHT_PP            folder of public parameters at hand (default: ~/.cache/midnight/zk-params)
  MIDNIGHT_PARAM_SOURCE  where to download others from (default: https://srs.midnight.network/)
  AWS_ENDPOINT_URL       use that emulated AWS instead of an own one
  PYTHON                 runs the emulated AWS (default: python3)`;

type Options = Omit<LocalStackOptions, 'progress' | 'signal' | 'proverExecutable'>;

/**
 * Reads what was given on the command line, and where nothing was, in the environment.
 *
 * @throws CommanderError once the reason (or, with exit code 0, the help that was asked for) has been printed.
 */
export function readOptions(args: string[]): Options {
  const command = new Command('npm start --')
    .description('Builds the prover, starts an emulated AWS, deploys the stack to it and answers on this machine.')
    .addHelpText('after', ENVIRONMENT)
    .showHelpAfterError('npm start -- --help lists the options.')
    .allowExcessArguments(false)
    .exitOverride();
  for (const known of [...SERVED, API_KEY]) command.addOption(known);
  command.option('--host <address>', 'where to listen; anything but this machine itself implies --auth', LOOPBACK);
  command.option('--auth', 'ask for API keys, which nightshift api-keys makes');
  command.option('--tls', 'speak HTTPS');
  command.option('--dev-params', 'take contracts on development parameters: INSECURE, anyone can forge their proofs');
  command.addOption(allowOrigin('use /v1 where no API keys are asked for'));
  command.option(
    '--lanes <json>',
    'what is different about lanes, as the CDK context has it',
    json(laneSettings.shape.lanes),
  );
  command.option('--tenant-limits <json>', 'what one tenant may have, likewise', json(tenantLimitsSchema));
  command.option('--state <folder>', 'where the emulated AWS keeps what it holds', join(STATE_ROOT, 'local'));

  forgetFlagsOff(command.options);
  const given = command.parse(args, { from: 'user' }).opts<Given>();
  if (given.apiKey !== undefined) {
    const how = 'Start with --auth; nightshift api-keys create then makes a key, and shows it once.';
    command.error(`error: --api-key (${API_KEY.envVar}): keys are not given on a command line. ${how}`);
  }
  if (given.disableAuth && !isLoopback(given.host)) {
    command.error(`error: --disable-auth: without API keys only this machine is answered. Leave out --host.`);
  }
  if ((given.tlsCert === undefined) !== (given.tlsKey === undefined)) {
    command.error('error: --tls-cert and --tls-key go together.');
  }
  const { MIDNIGHT_PARAM_SOURCE } = process.env;
  if (MIDNIGHT_PARAM_SOURCE !== undefined && !URL.canParse(MIDNIGHT_PARAM_SOURCE)) {
    command.error('error: MIDNIGHT_PARAM_SOURCE must be a URL, such as https://srs.midnight.network/.');
  }
  const pool = poolOf(given);
  const { error } = laneSettings.safeParse({ pool, lanes: given.lanes });
  if (error) command.error(`error: --lanes: ${reasonsIn(error)}`);
  return {
    host: given.host,
    port: given.port,
    auth: given.auth ?? false,
    tls: tlsOf(given),
    stateDir: resolve(given.state),
    pool,
    lanes: given.lanes,
    tenantLimits: given.tenantLimits,
    rateLimit: given.rateLimit,
    maxPayloadBytes: given.maxPayloadSize,
    allowedOrigins: given.allowOrigin,
    fetchParams: given.fetchParams,
    developmentParameters: given.devParams ?? false,
    verbose: given.verbose ?? false,
    paramsDir: paramsDirectory(),
  };
}

interface Given extends Record<string, unknown> {
  host: string;
  port: number;
  auth?: boolean;
  disableAuth?: boolean;
  apiKey?: string;
  tls?: boolean;
  enableTls?: boolean;
  autoGenerateCert?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  state: string;
  numWorkers?: number;
  jobCapacity?: number;
  jobTimeout?: number;
  rateLimit?: number;
  maxPayloadSize: number;
  allowOrigin: string[];
  fetchParams: boolean;
  devParams?: boolean;
  verbose?: boolean;
  lanes?: LaneSettings['lanes'];
  tenantLimits?: TenantLimits;
}

/** Whoever sets one of its sizes wants one pool; the others are then the reference's. */
function poolOf({ numWorkers, jobCapacity, jobTimeout }: Given): Pool | undefined {
  if (numWorkers === undefined && jobCapacity === undefined && jobTimeout === undefined) return undefined;
  return {
    workers: numWorkers ?? DEFAULT_POOL.workers,
    capacity: jobCapacity ?? DEFAULT_POOL.capacity,
    timeoutSeconds: jobTimeout ?? DEFAULT_POOL.timeoutSeconds,
  };
}

/** Whoever names a certificate wants TLS. */
function tlsOf({ tls, enableTls, autoGenerateCert, tlsCert, tlsKey }: Given): LocalStackOptions['tls'] {
  if (tlsCert !== undefined && tlsKey !== undefined) return { cert: tlsCert, key: tlsKey };
  return tls || enableTls || autoGenerateCert ? 'self-signed' : undefined;
}

/** Where the reference server keeps its downloads. */
function paramsDirectory(): string {
  const { MIDNIGHT_PP, XDG_CACHE_HOME } = process.env;
  return MIDNIGHT_PP ?? join(XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'midnight', 'zk-params');
}

/** An option of a proof server, with the environment variable that goes with it. */
function option(flags: string, description: string): Option {
  const made = new Option(flags, description);
  return made.env(`MIDNIGHT_PROOF_SERVER_${made.name().replaceAll('-', '_').toUpperCase()}`);
}

/** To commander a flag whose variable exists is on, whatever the variable says. */
function forgetFlagsOff(options: readonly Option[]): void {
  for (const { envVar, required } of options) {
    if (envVar && !required && NO.includes(process.env[envVar]?.toLowerCase() ?? '')) delete process.env[envVar];
  }
}

/** Lambda counts whole seconds; the reference server takes fractions. */
function invocationSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds >= 1 && timeoutSeconds.safeParse(Math.ceil(seconds)).success) return Math.ceil(seconds);
  throw new InvalidArgumentError(`It takes seconds, ${rangeOf(timeoutSeconds)}: as long as a Lambda function may run.`);
}

function json<S extends z.ZodType>(schema: S): (text: string) => z.infer<S> {
  return (text) => {
    const { data, error } = schema.safeParse(parsed(text));
    if (error) throw new InvalidArgumentError(reasonsIn(error));
    return data as z.infer<S>;
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('It takes JSON.');
  }
}

const reasonsIn = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' ');
