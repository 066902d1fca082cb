/** Event sources: what hands a queue's messages to a function. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventSourceMappingConfiguration,
  GetEventSourceMappingCommand,
  LambdaClient,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { onAws } from './aws.ts';

const lambda = new LambdaClient();
const POLL_MS = 500;

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

/** A change takes some seconds, in which AWS takes no other. */
async function untilSettled(uuid: string): Promise<void> {
  while ((await read(uuid)).State?.endsWith('ing')) await delay(POLL_MS);
}

const read = (uuid: string): Promise<EventSourceMappingConfiguration> =>
  onAws(() => lambda.send(new GetEventSourceMappingCommand({ UUID: uuid })));
