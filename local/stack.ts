/** The local stack: what `npm start` shows and what the integration tests run on. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback, LOOPBACK } from './address.ts';
import { awsAt, closeAws } from './aws.ts';
import { type CertificateFiles, readCertificate, selfSignedCertificate } from './certificate.ts';
import { type DeploymentOptions, deployLocally, output } from './deployment.ts';
import { drain } from './drain.ts';
import { installEmulator, startEmulator, useEmulator } from './emulator.ts';
import type { LocalError } from './error.ts';
import { type GatewayOptions, startGateway } from './gateway/gateway.ts';
import { makeLocalKey } from './local-key.ts';
import { preflight } from './preflight.ts';
import { type Progress, silent } from './progress.ts';
import { buildProver } from './prover.ts';

export interface LocalStackOptions
  extends DeploymentOptions,
    Pick<GatewayOptions, 'host' | 'rateLimit' | 'maxPayloadBytes' | 'allowedOrigins' | 'patience'> {
  /** Where the stack answers; 0: any free port. */
  port: number;
  /** Whether API keys are asked for. They are in any case where more than this machine can ask. */
  auth?: boolean;
  /** The certificate that it speaks TLS with. */
  tls?: CertificateFiles | 'self-signed';
  /** Where the emulated AWS keeps what it holds. One stack at a time. */
  stateDir: string;
  /** Runs the emulated AWS, if not as it is. */
  emulatorScript?: string;
  progress?: Progress;
  /** Gives the start up; what it started is ended. */
  signal?: AbortSignal;
}

export interface LocalStack {
  /** Where the stack answers. */
  url: string;
  /** Whether it asks for API keys. */
  asksForKeys: boolean;
  /** The certificate that it has signed itself, in PEM. */
  selfSigned?: string;
  /** The emulated AWS behind it. */
  endpoint: string;
  /** The stack's outputs. */
  outputs: Record<string, string>;
  /** Resolves if a part of the stack ends without having been told to. */
  crashed: Promise<LocalError>;
  /**
   * Refuses new work and lets what is being proved finish, 30 s at most; to be followed by `stop`.
   *
   * @param hurry ends the wait.
   */
  drain(hurry: AbortSignal): Promise<void>;
  /** Ends it, its state saved. Whoever still waits for an answer gets 503. */
  stop(): Promise<void>;
}

/** @throws AggregateError of LocalErrors if the machine lacks something; LocalError if a step fails. */
export async function startLocalStack({
  progress = silent,
  signal = new AbortController().signal,
  ...options
}: LocalStackOptions): Promise<LocalStack> {
  const { host = LOOPBACK, port, stateDir, auth = false, tls, emulatorScript, verbose } = options;
  const { rateLimit, maxPayloadBytes, allowedOrigins, patience } = options;
  const asksForKeys = auth || !isLoopback(host);
  const givenEndpoint = process.env.AWS_ENDPOINT_URL;
  await progress.step('Machine', async () => {
    const problems = await preflight({ port, host, emulator: !givenEndpoint });
    if (problems.length > 0) throw new AggregateError(problems);
    await mkdir(stateDir, { recursive: true });
  });
  const files = tls === 'self-signed' ? await selfSignedCertificate(join(stateDir, 'tls'), host) : tls;
  const certificate = files && (await readCertificate(files));
  await progress.step('Prover', (report) => buildProver(report, signal));

  await using started = new AsyncDisposableStack();
  const { endpoint, crashed } = await progress.step('Emulated AWS', async (report) => {
    if (givenEndpoint) return useEmulator(givenEndpoint);
    const emulator = await startEmulator(await installEmulator(report, signal), stateDir, signal, emulatorScript);
    started.defer(emulator.stop);
    report(emulator.endpoint);
    return emulator;
  });
  const aws = started.adopt(awsAt(endpoint), closeAws);
  const outputs = await Promise.race([
    deployLocally(aws, endpoint, options, progress, signal),
    crashed.then((error) => Promise.reject(error)),
  ]);
  const apiKey = asksForKeys ? undefined : await makeLocalKey(aws.dynamodb, output(outputs, 'TableName'));
  const upstream = apiByPath(endpoint, output(outputs, 'ApiUrl'));
  const log = verbose ? console.error : undefined;
  const limits = { rateLimit, maxPayloadBytes, allowedOrigins, patience };
  const gateway = await startGateway({ host, port, certificate, upstream, apiKey, ...limits, log });
  started.defer(gateway.close);

  signal.throwIfAborted();
  const running = started.move();
  return {
    url: gateway.url,
    asksForKeys,
    ...(tls === 'self-signed' && { selfSigned: files?.cert }),
    endpoint,
    outputs,
    crashed,
    async drain(hurry) {
      gateway.refuseWork();
      await progress.step('Proofs under way', (report) => drain(aws, report, hurry));
    },
    stop: () => running.disposeAsync(),
  };
}

/** The API's name in `https://{id}.execute-api.…/{stage}/` does not resolve on this machine; its path on the endpoint does. */
export function apiByPath(endpoint: string, apiUrl: string): string {
  const { hostname, pathname } = new URL(apiUrl);
  const [id] = hostname.split('.');
  const [, stage] = pathname.split('/');
  return `${endpoint}/restapis/${id}/${stage}/_user_request_`;
}
