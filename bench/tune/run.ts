/**
 * `npm run tune -- --from 6 --to 17`: measures proofs of every size on this machine, and prints the lane table it would
 * choose. On development parameters, so it needs no network.
 */
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { LARGEST_K } from '../../core/lanes.ts';
import { PRICES } from '../../core/prices.ts';
import { printTable } from '../figures.ts';
import { chooseLanes, type Goal } from './choose.ts';
import { type Measurement, measure } from './measure.ts';

const SMALLEST_K = 6;

const size = (text: string): number => {
  const k = Number(text);
  if (Number.isInteger(k) && SMALLEST_K <= k && k <= LARGEST_K) return k;
  throw new InvalidArgumentError(`k is a number from ${SMALLEST_K} to ${LARGEST_K}`);
};

const { from, to } = new Command('tune')
  .option('--from <k>', 'smallest size', size, SMALLEST_K)
  .option('--to <k>', 'largest size; each takes twice as long as the one before', size, 17)
  .parse()
  .opts<{ from: number; to: number }>();

const measured: Measurement[] = [];
for await (const one of measure(from, to)) {
  measured.push(one);
  console.error(`k=${one.k}: ${one.seconds.all.toFixed(2)} s, ${one.peakMb.proving} MB`);
}

console.log(`Measured on ${availableParallelism()} cores.\n`);
printTable(
  [
    'k',
    's on one core',
    's on all',
    's cold',
    'peak MB',
    'estimated MB',
    's keygen',
    'keygen peak MB',
    'keys and parameters MB',
  ],
  measured.map(({ k, seconds, coldSeconds, peakMb, estimatedMb, keygenSeconds, diskMb }) => [
    k,
    seconds.one,
    seconds.all,
    coldSeconds,
    peakMb.proving,
    estimatedMb,
    keygenSeconds,
    peakMb.keygen,
    diskMb,
  ]),
);
for (const goal of ['cost', 'latency'] satisfies Goal[]) {
  console.log(`\nFor ${goal}, at the prices of ${PRICES.asOf}:\n`);
  printTable(
    ['lane', 'k', 'memory MB', 'time-out s', 'disk MB', 'slowest proof s', '$ per 1,000 proofs'],
    chooseLanes(measured, goal).map(({ maxK, memoryMb, timeoutSeconds, diskMb, proofs }, index) => [
      ['small', 'medium', 'large'][index] as string,
      `${proofs[0]?.k} to ${maxK}`,
      memoryMb,
      timeoutSeconds,
      diskMb,
      proofs.at(-1)?.seconds ?? Number.NaN,
      proofs.map(({ usd }) => (usd * 1000).toFixed(4)).join(', '),
    ]),
  );
}
