/**
 * `npm run bench`: starts the local stack and prints tables. Not part of the tests. REFERENCE_SERVER names the executable
 * of a midnight-proof-server to measure in the same run.
 */
import { join } from 'node:path';
import { STATE_ROOT } from '../local/paths.ts';
import { progressOn } from '../local/progress.ts';
import { startLocalStack } from '../local/stack.ts';
import { createScratch } from '../test/stack/scratch-aws.ts';
import { benchClients } from './clients.ts';

const stack = await startLocalStack({
  port: 0,
  stateDir: join(STATE_ROOT, 'bench'),
  progress: progressOn(process.stderr),
});
try {
  await createScratch(stack.endpoint);
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  const { benchRings } = await import('./rings.ts');
  const { benchCold } = await import('./cold.ts');
  const { benchMemory } = await import('./memory.ts');
  const { benchMemoryLimit } = await import('./memory-limit.ts');
  const { benchParams } = await import('./params.ts');
  const { benchSealing } = await import('./sealing.ts');
  const { benchVerify } = await import('./verify.ts');
  const { benchTransactions } = await import('./transactions.ts');
  await benchRings(stack.url);
  console.log();
  await benchSealing();
  console.log();
  await benchTransactions(stack.url, process.env.REFERENCE_SERVER);
  console.log();
  await benchCold();
  console.log();
  await benchMemory();
  console.log();
  await benchMemoryLimit();
  console.log();
  await benchParams();
  console.log();
  await benchVerify();
} finally {
  await stack.stop();
}
console.log();
// On a stack of its own.
await benchClients();
process.exit();
