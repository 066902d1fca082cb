/** Event sources: what hands a queue's messages to a function. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { CliError, EXIT } from '../error.ts';
import { onAws } from './aws.ts';

const lambda = new LambdaClient();
const POLL_MS = 500;
/** A change takes some seconds; one that takes longer than this has stuck. */
const LONGEST_CHANGE_MS = 120_000;

/** How many messages it hands out at once; undefined if nothing bounds it. */
export const readMaxConcurrency = async (uuid: string): Promise<number | undefined> =>
  (await read(uuid)).ScalingConfig?.MaximumConcurrency;

export async function setMaxConcurrency(uuid: string, value: number): Promise<void> {
  await untilSettled(uuid);
  const change = { UUID: uuid, ScalingConfig: { MaximumConcurrency: value } };
  await onAws(() => lambda.send(new UpdateEventSourceMappingCommand(change)));
}

/** Whether it hands messages out. */
export const isEnabled = async (uuid: string): Promise<boolean> =>
  ['Enabled', 'Enabling'].includes(`${(await read(uuid)).State}`);

/** Has it hand messages out, or not. Returns once it does. */
export async function setEnabled(uuid: string, enabled: boolean): Promise<void> {
  await untilSettled(uuid);
  await onAws(() => lambda.send(new UpdateEventSourceMappingCommand({ UUID: uuid, Enabled: enabled })));
  await untilSettled(uuid);
}

/**
 * Waits for the end of a change, since AWS takes no other in its midst.
 *
 * @throws CliError UNREACHABLE
 */
async function untilSettled(uuid: string): Promise<void> {
  const timeUp = Date.now() + LONGEST_CHANGE_MS;
  for (;;) {
    const { State = '' } = await read(uuid);
    if (!State.endsWith('ing')) return;
    if (Date.now() > timeUp) throw stuck(uuid, State);
    await delay(POLL_MS);
  }
}

const stuck = (uuid: string, state: string): CliError =>
  new CliError(
    'UNREACHABLE',
    EXIT.unreachable,
    `The event source ${uuid} has been ${state} for ${LONGEST_CHANGE_MS / 1000} s. Try again in a while.`,
  );

const read = (uuid: string): Promise<EventSourceMappingConfiguration> =>
  onAws(() => lambda.send(new GetEventSourceMappingCommand({ UUID: uuid })));
