/** `nightshift lanes set` and `reset`: change a lane's caps while the deployment runs, and put the deployed ones back. */
import type { Caps } from '../../core/lanes.ts';
import { wrongUse } from '../error.ts';
import type { StackOptions } from '../options.ts';
import type { Outcome } from '../perform.ts';
import { changeCaps, changesOf, contextOf, type Lane, laneNamed, readLane, readLanes } from './lanes.ts';
import { findStack } from './stack.ts';

export async function setLane(name: string, options: StackOptions & Partial<Caps>): Promise<Outcome> {
  const { maxConcurrency, capacity } = options;
  if (maxConcurrency === undefined && capacity === undefined) {
    throw wrongUse('Nothing to change: give --max-concurrency, --capacity or both.');
  }
  const stack = await findStack(options.stage);
  const deployed = laneNamed(name, stack);
  await changeCaps(deployed, { maxConcurrency, capacity });
  const lane = await readLane(deployed);
  if (Object.keys(changesOf(lane)).length === 0) return { value: lane, text: lineOf(lane) };
  const context = contextOf(stack, await readLanes(stack));
  return { value: { ...lane, context }, text: `${lineOf(lane)}\n${nextDeploy(JSON.stringify(context))}` };
}

export async function resetLane(name: string, options: StackOptions): Promise<Outcome> {
  const deployed = laneNamed(name, await findStack(options.stage));
  const { maxConcurrency, capacity } = deployed;
  await changeCaps(deployed, { maxConcurrency, capacity });
  const lane = await readLane(deployed);
  return { value: lane, text: lineOf(lane) };
}

function lineOf({ name, maxConcurrency, capacity, deployed }: Lane): string {
  const atOnce = `${maxConcurrency} at once${asDeployed(maxConcurrency, deployed.maxConcurrency)}`;
  const mayWait = `${capacity === 0 ? 'any number' : capacity} may wait${asDeployed(capacity, deployed.capacity)}`;
  return `Lane ${name}: ${atOnce}, ${mayWait}.`;
}

const asDeployed = (value: number, deployed: number): string =>
  value === deployed ? ' (as deployed)' : ` (deployed: ${deployed})`;

const nextDeploy = (context: string): string => `
The next deploy keeps what is changed, unless its own value for that is another one: then that counts again.
To make it the deployment's own:

  npm run deploy -- -c lanes='${context}'`;
