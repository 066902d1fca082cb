/** Keys are asked for, their message goes out, and at some time they are ready or have failed. */
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { currentTime } from '../clock.ts';
import { tableName } from '../config.ts';
import type { ErrorCode } from '../errors.ts';
import { LEASE_SECONDS } from '../limits.ts';
import { enqueueKeys } from '../store/queues.ts';
import { keyOf } from '../store/row-keys.ts';
import { INDEX, setting, table, transact, updateIf } from '../store/table.ts';
import { type DerivedKeys, type Keys, type KeysSource, keysSource, type ReadyKeys } from './keys.ts';
import { releaseWaiting } from './waiting.ts';

/** The part of the index that holds what is being derived. */
export const BUILDING = 'KEYS#building';

/**
 * Asks for keys that nobody asked for yet, that failed, or whose message never went out.
 *
 * @returns whether they are to be derived now: see to it by `sendKeys`, or derive them.
 */
export const requestKeys = (source: KeysSource): Promise<boolean> =>
  begin(
    source,
    'attribute_not_exists(PK) OR #state = :failed OR (#state = :building AND attribute_not_exists(enqueuedAt))',
    { ':failed': 'failed', ':building': 'building' },
  );

/** Has keys derived anew whose stored objects are damaged: `sweep` sends the message. Jobs that need them wait until then. */
export const rebuildKeys = (keys: ReadyKeys): Promise<boolean> =>
  begin(keysSource.parse(keys), '#state = :ready', { ':ready': 'ready' });

/** Sends the message of keys that are to be derived, and notes that it was sent. */
export async function sendKeys(id: string): Promise<void> {
  await enqueueKeys(id);
  await table.send(
    new UpdateCommand({
      TableName: tableName(),
      Key: keyOf.artifact(id),
      UpdateExpression: 'SET enqueuedAt = :now',
      ExpressionAttributeValues: { ':now': currentTime().toISOString() },
    }),
  );
}

/** One attempt at deriving keys, and the message that it came by. */
export interface KeysHolder {
  holder: string;
  message?: string;
}

/**
 * Takes keys that are being derived, so that nobody else derives them meanwhile; they have to be kept by `keepKeys`. Who
 * dies over it loses them within seconds, and its message comes to someone else.
 *
 * @returns whether they are the holder's: not if somebody else is at them, or they have ended.
 */
export async function takeKeys(id: string, { holder, message = '' }: KeysHolder): Promise<boolean> {
  const { done } = await transact([
    {
      Update: {
        TableName: tableName(),
        Key: keyOf.artifact(id),
        UpdateExpression: 'SET takenUntil = :until, holder = :holder, message = :message ADD attempts :one',
        ConditionExpression: '#state = :building AND (attribute_not_exists(takenUntil) OR takenUntil < :now)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':until': leaseEndMs(),
          ':now': currentTime().getTime(),
          ':building': BUILDING_STATE,
          ':holder': holder,
          ':message': message,
          ':one': 1,
        },
      },
    },
  ]);
  return done;
}

/** @returns whether they still are the holder's. */
export const keepKeys = (id: string, { holder }: KeysHolder): Promise<boolean> => asHolder(id, holder, leaseEndMs());

/** Gives keys up that could not be derived this time. */
export const leaveKeys = (id: string, { holder }: KeysHolder): Promise<boolean> => asHolder(id, holder, 0);

const asHolder = (id: string, holder: string, until: number): Promise<boolean> =>
  updateIf({
    TableName: tableName(),
    Key: keyOf.artifact(id),
    UpdateExpression: 'SET takenUntil = :until',
    ConditionExpression: '#state = :building AND holder = :holder',
    ExpressionAttributeNames: { '#state': 'state' },
    ExpressionAttributeValues: { ':until': until, ':building': BUILDING_STATE, ':holder': holder },
  });

const BUILDING_STATE = 'building' satisfies Keys['state'];
const leaseEndMs = (): number => currentTime().getTime() + LEASE_SECONDS * 1000;

/** Whether somebody is at them. */
export const isHeld = (keys: Keys): boolean =>
  keys.state === 'building' && (keys.takenUntil ?? 0) > currentTime().getTime();

/** What became of deriving. */
export type KeysEnding =
  | ({ state: 'ready' } & DerivedKeys)
  | { state: 'failed'; error: { code: ErrorCode; message: string } };

/** How keys end that no attempt could derive. */
export const keysGivenUp = {
  code: 'PARAMS_UNAVAILABLE',
  message: 'The keys could not be derived. Register the contract again; if that does not help, ask the operator.',
} as const;

/** Ends the deriving of keys, and lets go of the jobs that wait for them. */
export async function endKeys({ id }: KeysSource, ending: KeysEnding): Promise<void> {
  await writeEnding(id, ending);
  await releaseWaiting(id);
}

async function writeEnding(id: string, ending: KeysEnding): Promise<void> {
  const ended = setting({ ...ending, endedAt: currentTime().toISOString() });
  await updateIf({
    TableName: tableName(),
    Key: keyOf.artifact(id),
    UpdateExpression: `${ended.expression} REMOVE takenUntil, holder, message, ${INDEX.partitionKey}, ${INDEX.sortKey}`,
    ConditionExpression: '#state = :building',
    ExpressionAttributeNames: ended.names,
    ExpressionAttributeValues: { ...ended.values, ':building': BUILDING_STATE },
  });
}

async function begin(
  source: KeysSource,
  ConditionExpression: string,
  states: Record<string, Keys['state']>,
): Promise<boolean> {
  const requestedAt = currentTime().toISOString();
  const { done } = await transact([
    {
      Put: {
        TableName: tableName(),
        Item: {
          ...keyOf.artifact(source.id),
          ...source,
          state: 'building' satisfies Keys['state'],
          requestedAt,
          [INDEX.partitionKey]: BUILDING,
          [INDEX.sortKey]: `${requestedAt}#${source.id}`,
        },
        ConditionExpression,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: states,
      },
    },
  ]);
  return done;
}
