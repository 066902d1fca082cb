/** `npm run fuzz`: damaged requests, or random bytes, by the thousand against the real handlers and the real prover. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, program } from 'commander';
import { printTable } from '../../bench/figures.ts';
import { STATE_ROOT } from '../../local/paths.ts';
import { progressOn } from '../../local/progress.ts';
import { startLocalStack } from '../../local/stack.ts';
import type { Observer } from './campaign.ts';
import type { HttpRequest } from './requests.ts';
import { useStack } from './use-stack.ts';

const FOLDER = join(STATE_ROOT, 'fuzz');
const PROGRESS_EVERY = 1000;

const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('It takes a whole number.');
  return value;
};

const options = program
  .name('npm run fuzz --')
  .description(
    'Sends damaged requests to every endpoint that decodes. Exit code 1 if anything came of one but a proof or 4xx.',
  )
  .option('--bodies <count>', 'how many', count, 100_000)
  .option('--random <count>', 'send so many random byte strings to each endpoint instead', count)
  .option('--seed <number>', 'which; the same seed does the same damage', count, 1)
  .option('--replay <file>', `send one request again that was kept in ${FOLDER}`)
  .parse()
  .opts<{ bodies: number; random?: number; seed: number; replay?: string }>();

const stateDir = join(FOLDER, 'stack');
await rm(stateDir, { recursive: true, force: true });
const stack = await startLocalStack({ port: 0, stateDir, progress: progressOn(process.stderr) });
try {
  await useStack(stack.endpoint, stack.outputs);
  process.exitCode = (await holds(options)) ? 0 : 1;
} finally {
  await stack.stop();
}
process.exit();

function holds({ bodies, random, seed, replay: file }: typeof options): Promise<boolean> {
  if (file !== undefined) return replay(file);
  return random === undefined ? fuzz(bodies, seed) : sendRandom(random, seed);
}

/** Whole seconds from now on. */
function stopwatch(): () => number {
  const start = performance.now();
  return () => Math.round((performance.now() - start) / 1000);
}

function observerOf(seed: number, total: number, seconds: () => number): Observer {
  return {
    sent: (sent) => sent % PROGRESS_EVERY === 0 && console.error(`${sent} of ${total} after ${seconds()} s`),
    violated: async (request, violation, number) => {
      const file = join(FOLDER, `${seed}-${number}.json`);
      await writeFile(file, JSON.stringify({ ...request, body: Buffer.from(request.body).toString('base64') }));
      console.error(`✗ ${request.method} ${request.path}: ${violation}\n  npm run fuzz -- --replay ${file}`);
    },
  };
}

async function sendRandom(count: number, seed: number): Promise<boolean> {
  const { ENDPOINTS } = await import('./random-bytes.ts');
  const { sendRandomBytes } = await import('./random-campaign.ts');
  let violations = 0;
  const seconds = stopwatch();
  const observer = observerOf(seed, count * ENDPOINTS.length, seconds);
  const outcomes = await sendRandomBytes(count, seed, {
    ...observer,
    violated: async (...found) => {
      violations++;
      await observer.violated(...found);
    },
  });
  printTable(['endpoint: outcome', 'requests'], [...outcomes].sort());
  console.log(
    `\n${count} random byte strings to each of ${ENDPOINTS.length} endpoints, seed ${seed}, in ${seconds()} s.`,
  );
  if (violations > 0) console.error(`✗ ${violations} of them came to what they must not come to`);
  return violations === 0;
}

async function fuzz(bodies: number, seed: number): Promise<boolean> {
  const { faultsOf, runCampaign } = await import('./campaign.ts');
  const seconds = stopwatch();
  const campaign = await runCampaign(bodies, seed, observerOf(seed, bodies, seconds));
  printTable(['endpoint: outcome', 'requests'], [...campaign.outcomes].sort());
  const { warm, end, proverRestarts } = campaign;
  console.log(
    `\n${bodies} requests of seed ${seed} in ${seconds()} s; the prover was started again ${proverRestarts} times.`,
  );
  console.log(
    `Memory, warm and at the end: prover ${warm.prover} and ${end.prover} MB, handlers ${warm.handlers} and ${end.handlers} MB.`,
  );
  const faults = faultsOf(campaign);
  for (const fault of faults) console.error(`✗ ${fault}`);
  return faults.length === 0;
}

async function replay(file: string): Promise<boolean> {
  const { startWorkers } = await import('./lane-workers.ts');
  const { send } = await import('./target.ts');
  const kept = JSON.parse(await readFile(file, 'utf8'));
  const request: HttpRequest = { ...kept, body: Buffer.from(kept.body, 'base64') };
  const stopWorkers = startWorkers();
  const { outcome, violation } = await send(request).finally(stopWorkers);
  console.log(`${request.method} ${request.path}: ${outcome}${violation ? `; ${violation}` : ''}`);
  return violation === undefined;
}
