/** `npm start`: the whole service on this machine, until Ctrl-C. */
import { styleText } from 'node:util';
import { CommanderError } from 'commander';
import { DEVELOPMENT_WARNING } from '../core/contracts/development.ts';
import { environmentOf } from './aws.ts';
import { LocalError } from './error.ts';
import { readOptions } from './options.ts';
import { progressOn } from './progress.ts';
import { requestsToEnd } from './requests-to-end.ts';
import { type LocalStack, startLocalStack } from './stack.ts';

const WRONG_USE = 2;

process.exit(await main(process.argv.slice(2)));

async function main(args: string[]): Promise<number> {
  const begun = performance.now();
  const { first, second } = requestsToEnd();
  try {
    const options = readOptions(args);
    const progress = progressOn(process.stderr);
    const stack = await startLocalStack({ ...options, progress, signal: first }).catch((error) => {
      if (!first.aborted) throw error;
    });
    if (!stack) return 0;
    console.log(ready(stack, (performance.now() - begun) / 1000));
    if (options.developmentParameters) console.error(styleText('red', DEVELOPMENT_WARNING));
    await runToEnd(stack, first, second);
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode && WRONG_USE;
    complain(error);
    return 1;
  }
}

/** @throws LocalError if the stack ends before it was asked to. */
async function runToEnd(stack: LocalStack, end: AbortSignal, hurry: AbortSignal): Promise<void> {
  const drained = aborted(end).then(() => {
    console.error('Stopping …');
    return stack.drain(hurry);
  });
  try {
    const crash = await Promise.race([drained, stack.crashed]);
    if (crash) throw crash;
  } finally {
    await stack.stop();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

function ready({ url, endpoint, asksForKeys, selfSigned }: LocalStack, seconds: number): string {
  const variables = Object.entries(environmentOf(endpoint)).map(([name, value]) => `${name}=${value}`);
  const nightshift = `${variables.join(' ')} npx nightshift`;
  const curl = selfSigned ? `curl --cacert ${selfSigned}` : 'curl';
  return `
Nightshift answers on ${styleText('bold', url)} (started in ${seconds.toFixed(1)} s). Ctrl-C ends it.

  ${curl} ${url}/health
  ${curl} ${url}/ready

${asksForKeys ? keysAreAskedFor(nightshift) : 'No API keys are asked for: only this machine is answered.'}
${selfSigned ? `\nIts certificate is signed by itself. Node trusts it with NODE_EXTRA_CA_CERTS=${selfSigned}.\n` : ''}
For an operator's commands:

  ${nightshift} lanes
`;
}

function keysAreAskedFor(nightshift: string): string {
  return `API keys are asked for. To make a tenant and a key:

  ${nightshift} tenants create my-tenant
  ${nightshift} api-keys create my-tenant`;
}

function complain(error: unknown): void {
  if (error instanceof AggregateError) error.errors.forEach(complain);
  else if (error instanceof LocalError) console.error(`${styleText('red', '✗')} ${error.code}: ${error.message}`);
  else console.error(error);
}
