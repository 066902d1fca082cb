/** `nightshift proxy`: a proof server on this machine whose proofs a deployment makes. */
import { once } from 'node:events';
import type { Command } from 'commander';
import { allowOrigin } from '../../local/gateway/origin-option.ts';
import { portNumber } from '../../local/number-options.ts';
import type { RequestsToEnd } from '../../local/requests-to-end.ts';
import type { Deployment } from '../deployment.ts';
import { CliError, EXIT } from '../error.ts';
import { apiKey, httpUrl, json } from '../options.ts';
import { type Outcome, type OutputOptions, perform } from '../perform.ts';
import { type RunningProxy, startProxy } from '../proxy/server.ts';

interface ProxyOptions extends Omit<Deployment, 'url'>, OutputOptions {
  port: number;
  contract?: string;
  allowOrigin: string[];
}

/** Where wallets look for a proof server. */
const PORT = 6300;

export function addProxy(program: Command): void {
  program
    .command('proxy')
    .description('answers on this machine as a proof server, for wallets that know neither API keys nor path prefixes')
    .argument('<url>', 'where Nightshift answers', httpUrl)
    .addOption(apiKey())
    .option('--port <number>', 'where to answer on 127.0.0.1; 0 is any free port', portNumber, PORT)
    .option('--contract <id>', 'look up circuits in that contract, unless they are built in')
    .addOption(allowOrigin('have proofs made'))
    .addOption(json())
    .action((url: string, options: ProxyOptions) => perform(options, (signals) => proxy(url, options, signals)));
}

async function proxy(
  deploymentUrl: string,
  { apiKey, port, contract, allowOrigin: allowedOrigins, json }: ProxyOptions,
  { first, second }: RequestsToEnd,
): Promise<Outcome> {
  const deployment = { url: deploymentUrl, apiKey };
  const { url, close } = await start({
    deployment,
    port,
    contract,
    allowedOrigins,
    log: (line) => console.error(line),
  });
  console.log(json ? JSON.stringify({ url }) : `${deploymentUrl} answers as a proof server on ${url}. Ctrl-C ends it.`);
  if (!first.aborted) await once(first, 'abort');
  console.error('Stopping: what is open is answered first. Ctrl-C cancels it.');
  await close(second);
  return {};
}

async function start(options: Parameters<typeof startProxy>[0]): Promise<RunningProxy> {
  try {
    return await startProxy(options);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EADDRINUSE' ? 'another server is there, such as npm start or a proof server' : message;
    throw new CliError('PORT_NOT_FREE', EXIT.wrongUse, `Port ${options.port}: ${reason}. Choose one with --port.`, {
      cause: error,
    });
  }
}
