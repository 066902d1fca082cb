/** Lanes of a running deployment: what they are at, and their caps, which can be changed. */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../../core/config.ts';
import type { DeployedLane } from '../../core/deployed-lane.ts';
import { readLane as readOccupied } from '../../core/jobs/lane-counts.ts';
import { CAPS, type Caps, isBeyondReserve } from '../../core/lanes.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { table } from '../../core/store/table.ts';
import { CliError, EXIT, wrongUse } from '../error.ts';
import { onAws } from './aws.ts';
import { readMaxConcurrency, setMaxConcurrency } from './event-source.ts';
import type { Stack } from './stack.ts';

/** With the caps in force. */
export interface Lane extends DeployedLane {
  /** What they were deployed as. */
  deployed: Caps;
  /** Jobs that wait, and that are worked at. */
  pending: number;
  proving: number;
  /** What the event source has, if that is not the cap in force: a change broke off, or a deployment put it back. */
  strayMaxConcurrency?: number;
}

export async function readLane(lane: DeployedLane): Promise<Lane> {
  const { name, maxConcurrency, capacity } = lane;
  const deployed = { maxConcurrency, capacity };
  const [{ caps, open, proving }, atSource] = await Promise.all([
    onAws(() => readOccupied(name, deployed)),
    readMaxConcurrency(lane.eventSource),
  ]);
  return {
    ...lane,
    ...caps,
    deployed,
    pending: open - proving,
    proving,
    ...(atSource !== caps.maxConcurrency && { strayMaxConcurrency: atSource }),
  };
}

export const readLanes = ({ lanes }: Stack): Promise<Lane[]> => Promise.all(lanes.map(readLane));

/** @throws CliError WRONG_USE if there is none of that name. */
export function laneNamed(name: string, { lanes }: Stack): DeployedLane {
  const lane = lanes.find((candidate) => candidate.name === name);
  if (lane) return lane;
  throw wrongUse(`There is no lane ${name}, but ${lanes.map((candidate) => candidate.name).join(', ')}.`);
}

/**
 * Changes caps from now on. The event source comes first: what AWS refuses has then changed nothing. If the row can't be
 * written after that, the same change made again finishes it.
 *
 * @param caps those that are as deployed are no change any more.
 * @throws CliError WRONG_USE, AWS_REFUSED; HALF_CHANGED if only the event source has it.
 */
export async function changeCaps(lane: DeployedLane, caps: Partial<Caps>): Promise<void> {
  const { maxConcurrency, capacity } = caps;
  if (lane.name === 'keys' && capacity !== undefined && capacity !== lane.capacity) {
    throw wrongUse('Lane keys takes no capacity: keys that a contract needs are never refused.');
  }
  if (maxConcurrency !== undefined) {
    if (isBeyondReserve(lane, maxConcurrency)) {
      throw wrongUse(
        `The function of lane ${lane.name} has ${lane.reservedConcurrency} of the account's concurrency reserved: ` +
          'messages beyond that would be received in vain. Deploy with a larger reservedConcurrency.',
      );
    }
    await setMaxConcurrency(lane.eventSource, maxConcurrency);
  }
  try {
    await onAws(() => writeChanges(lane, caps));
  } catch (error) {
    if (maxConcurrency === undefined) throw error;
    const message = `The event source has the new cap, but it could not be noted: ${(error as Error).message} Make the same change again.`;
    throw new CliError('HALF_CHANGED', EXIT.refused, message, { cause: error });
  }
}

async function writeChanges(lane: DeployedLane, caps: Partial<Caps>): Promise<void> {
  const given = CAPS.flatMap((name) => (caps[name] === undefined ? [] : [{ name, value: caps[name] }]));
  const changed = given.filter(({ name, value }) => value !== lane[name]);
  const asDeployed = given.filter(({ name, value }) => value === lane[name]);
  const expression = [
    changed.length > 0 ? `SET ${changed.map(({ name }) => `#${name} = :${name}`).join(', ')}` : '',
    asDeployed.length > 0 ? `REMOVE ${asDeployed.map(({ name }) => `#${name}`).join(', ')}` : '',
  ];
  const values = changed.map(({ name, value }) => [`:${name}`, { value, insteadOf: lane[name] }]);
  await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keyOf.caps(lane.name),
      UpdateExpression: expression.join(' ').trim(),
      ExpressionAttributeNames: Object.fromEntries(given.map(({ name }) => [`#${name}`, name])),
      ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    }),
  );
}

/** The caps that are not as deployed. */
export const changesOf = (lane: Lane): Partial<Caps> =>
  Object.fromEntries(CAPS.flatMap((name) => (lane[name] === lane.deployed[name] ? [] : [[name, lane[name]]])));

/** What makes all changes the deployment's own: a value of the CDK context `lanes`. */
export function contextOf({ laneSettings }: Stack, lanes: Lane[]): Stack['laneSettings'] {
  const changed = lanes.filter((lane) => Object.keys(changesOf(lane)).length > 0);
  const own = changed.map((lane) => [lane.name, { ...laneSettings[lane.name], ...changesOf(lane) }]);
  return { ...laneSettings, ...Object.fromEntries(own) };
}
