/** `npm start`: the whole service on this machine, until Ctrl-C. */
import { join, resolve } from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { LocalError } from './error.ts';
import { STATE_ROOT } from './paths.ts';
import { progressOn } from './progress.ts';
import { startLocalStack } from './stack.ts';

const DEFAULT_PORT = 6300;
const USAGE = `npm start -- [--port ${DEFAULT_PORT}] [--state .nightshift/local]

Builds the prover, starts an emulated AWS, deploys the stack to it and answers on http://127.0.0.1:${DEFAULT_PORT}.
Environment: AWS_ENDPOINT_URL (use that emulated AWS instead of an own one), PYTHON (default python3).`;

process.exit(await main());

async function main(): Promise<number> {
  const options = readOptions();
  if (!options) return 2;
  const begun = performance.now();
  const ending = endOfWork();
  try {
    const stack = await startLocalStack({ ...options, progress: progressOn(process.stderr), signal: ending });
    console.log(ready(stack.url, (performance.now() - begun) / 1000));
    const crash = await Promise.race([aborted(ending), stack.crashed]);
    console.error('Stopping …');
    await stack.stop();
    if (!crash) return 0;
    throw crash;
  } catch (error) {
    if (ending.aborted) return 0;
    complain(error);
    return 1;
  }
}

function readOptions(): { port: number; stateDir: string } | undefined {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: String(DEFAULT_PORT) },
        state: { type: 'string', default: join(STATE_ROOT, 'local') },
      },
    });
    const port = Number(values.port);
    if (Number.isInteger(port) && port >= 0 && port < 65_536) return { port, stateDir: resolve(values.state) };
    throw new Error(`--port takes a number from 0 to 65535, not ${values.port}.`);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Aborts on Ctrl-C, on a request to end, and when the process that this one works for is gone. */
function endOfWork(): AbortSignal {
  const controller = new AbortController();
  const end = () => controller.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && end(), 1_000).unref();
  return controller.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}

function ready(url: string, seconds: number): string {
  return `
Nightshift answers on ${styleText('bold', url)} (started in ${seconds.toFixed(1)} s). Ctrl-C ends it.

  curl ${url}/health
  curl ${url}/ready
`;
}

function complain(error: unknown): void {
  if (error instanceof AggregateError) error.errors.forEach(complain);
  else if (error instanceof LocalError) console.error(`${styleText('red', '✗')} ${error.code}: ${error.message}`);
  else console.error(error);
}
