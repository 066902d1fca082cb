/** The functions behind the lanes' queues. */
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Lane, ProvingLane } from '../core/lanes.ts';
import {
  KEYS_PREFIX,
  PARAMS_PREFIX,
  RESULTS_PREFIX,
  SECRETS_PREFIX,
  UPLOADS_PREFIX,
  WITNESS_PREFIX,
} from '../core/store/objects.ts';
import type { DeadLetterQueue } from './dead-letters.ts';
import { grantEnqueue, queueUrlsOf } from './enqueue.ts';
import { cacheBounds, zipFunction } from './function.ts';
import { LaneQueue } from './lane.ts';
import { liveVersionOf } from './live.ts';
import type { Packaging, ProverLayer } from './packaging.ts';
import { ARTIFACTS, JOB_ROWS, JOBS } from './partitions.ts';
import type { Sealing } from './sealing.ts';
import type { Storage } from './storage.ts';

/** What the lanes have in common. */
export interface Shared {
  storage: Storage;
  sealing: Sealing;
  deadLetters: DeadLetterQueue;
  layer: ProverLayer;
}

/** A queue and a prove function for a size of circuits. */
export function provingLane(
  scope: Construct,
  lane: ProvingLane,
  { storage, sealing, deadLetters }: Shared,
  packaging: Packaging,
): LaneQueue {
  const worker = (within: Construct) => {
    const prove = packaging(within, { storage, ...lane, environment: cacheBounds(lane) });
    grantWork(prove, storage, sealing);
    // Where a circuit's keys are still being derived, or damaged, its job waits for them.
    storage.grantRows(prove, ARTIFACTS, 'GetItem', 'PutItem', 'ConditionCheckItem');
    storage.grantObjects(prove, KEYS_PREFIX, 'Get');
    storage.grantObjects(prove, PARAMS_PREFIX, 'Get');
    return liveVersionOf(prove);
  };
  return new LaneQueue(scope, `Lane-${lane.name}`, { lane, deadLetters, worker });
}

/** The queue of transactions, and the function that has their proofs made by the proving lanes. */
export function transactionLane(
  scope: Construct,
  lane: Lane,
  { storage, sealing, deadLetters, layer }: Shared,
  proving: LaneQueue[],
): LaneQueue {
  const worker = (within: Construct) => {
    const transaction = zipFunction(within, 'transaction', {
      storage,
      ...lane,
      environment: queueUrlsOf(proving),
      layers: [layer],
    });
    grantWork(transaction, storage, sealing);
    // It admits the parts.
    sealing.grantSeal(transaction);
    storage.grantRows(transaction, JOBS, 'Query', 'PutItem');
    storage.grantRows(transaction, ARTIFACTS, 'GetItem');
    storage.grantObjects(transaction, WITNESS_PREFIX, 'Put');
    storage.grantObjects(transaction, RESULTS_PREFIX, 'Get');
    storage.grantObjects(transaction, SECRETS_PREFIX, 'Get', 'Put');
    grantEnqueue(transaction, proving);
    return transaction;
  };
  return new LaneQueue(scope, `Lane-${lane.name}`, { lane, deadLetters, worker });
}

/** The queue of keys to be derived, and the function that derives them and brings what that takes. */
export function keysLane(
  scope: Construct,
  lane: Lane,
  { storage, deadLetters, layer }: Shared,
  proving: LaneQueue[],
): LaneQueue<LambdaFunction> {
  const worker = (within: Construct) => {
    const source = process.env.MIDNIGHT_PARAM_SOURCE;
    const prefetch = zipFunction(within, 'prefetch', {
      storage,
      ...lane,
      // Jobs that waited for their keys go back into their lanes.
      environment: {
        ...queueUrlsOf(proving),
        ...cacheBounds(lane),
        ...(source && { MIDNIGHT_PARAM_SOURCE: source }),
      },
      layers: [layer],
    });
    storage.grantRows(prefetch, ARTIFACTS, 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
    storage.grantRows(prefetch, JOB_ROWS, 'GetItem', 'UpdateItem');
    storage.grantObjects(prefetch, KEYS_PREFIX, 'Get', 'Upload');
    // Damaged parameters are brought anew.
    storage.grantObjects(prefetch, PARAMS_PREFIX, 'Get', 'Upload', 'Delete');
    storage.grantObjects(prefetch, UPLOADS_PREFIX, 'Get');
    grantEnqueue(prefetch, proving);
    return prefetch;
  };
  return new LaneQueue(scope, `Lane-${lane.name}`, { lane, deadLetters, worker });
}

/** What taking a job and ending it needs. */
function grantWork(worker: LambdaFunction, storage: Storage, sealing: Sealing): void {
  storage.grantRows(worker, JOBS, 'GetItem', 'UpdateItem', 'DeleteItem');
  storage.grantObjects(worker, WITNESS_PREFIX, 'Get', 'Delete');
  sealing.grantOpen(worker);
  storage.grantObjects(worker, RESULTS_PREFIX, 'Put');
}
