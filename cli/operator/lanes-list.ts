/** `nightshift lanes`: tells of each lane its caps, and what it is at. */
import { CAPS } from '../../core/lanes.ts';
import type { StackOptions } from '../options.ts';
import type { Outcome } from '../perform.ts';
import { tableOf, warn } from '../print.ts';
import { type Lane, readLanes } from './lanes.ts';
import { findStack } from './stack.ts';

export async function listLanes({ stage }: StackOptions): Promise<Outcome> {
  const lanes = await readLanes(await findStack(stage));
  warnOfStrays(lanes);
  return { value: lanes, text: tableOf([COLUMNS, ...lanes.map(rowOf)]) };
}

function warnOfStrays(lanes: Lane[]): void {
  for (const { name, maxConcurrency, strayMaxConcurrency } of lanes) {
    if (strayMaxConcurrency === undefined) continue;
    const remedy = `nightshift lanes set ${name} --max-concurrency ${maxConcurrency}`;
    warn(`The event source of lane ${name} hands out ${strayMaxConcurrency} at once, not ${maxConcurrency}: ${remedy}`);
  }
}

const COLUMNS = ['LANE', 'MEMORY', 'TIME-OUT', 'RESERVED', 'AT ONCE', 'MAY WAIT', 'PENDING', 'PROVING', 'CHANGED'];

const rowOf = (lane: Lane): string[] => [
  lane.name,
  `${lane.memoryMb} MB`,
  `${lane.timeoutSeconds} s`,
  `${lane.reservedConcurrency ?? ''}`,
  `${lane.maxConcurrency}`,
  lane.capacity === 0 ? 'any' : `${lane.capacity}`,
  `${lane.pending}`,
  `${lane.proving}`,
  CAPS.flatMap((cap) => (lane[cap] === lane.deployed[cap] ? [] : `${cap} (deployed: ${lane.deployed[cap]})`)).join(
    ', ',
  ),
];
