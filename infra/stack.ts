import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { LAMBDA_RECOGNIZE_LAYER_VERSION } from 'aws-cdk-lib/cx-api';
import type { Construct } from 'constructs';
import { type DeployedLane, laneOutput } from '../core/deployed-lane.ts';
import { laneTable } from '../core/lanes.ts';
import { Alarms } from './alarms.ts';
import { Api } from './api.ts';
import { proverFor } from './architecture.ts';
import { Audit } from './audit.ts';
import { bundleFunctions } from './bundle.ts';
import { DeadLetterQueue } from './dead-letters.ts';
import type { LaneQueue } from './lane.ts';
import { ProverLayer, packagingOf } from './packaging.ts';
import { KeptKeys, WrappedKeys } from './private-keys.ts';
import { Sealing } from './sealing.ts';
import { settingsOf } from './settings.ts';
import { StackKey } from './stack-key.ts';
import { Storage } from './storage.ts';
import { Upkeep } from './upkeep.ts';
import { keysLane, provingLane, transactionLane } from './workers.ts';

/** Everything: what keeps state, a queue and a worker per lane, the API before them, and the upkeep behind. */
export class NightshiftStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, { description: 'Nightshift: serverless proving for Midnight', ...props });
    // Otherwise a new prover in the layer would be no new version of prove, and the alias would stay with the one before.
    this.node.setContext(LAMBDA_RECOGNIZE_LAYER_VERSION, true);
    bundleFunctions(proverFor(this));

    const stackKey = settingsOf(this).kms ? new StackKey(this) : undefined;
    const storage = new Storage(this, 'Storage');
    const sealing = new Sealing(storage, stackKey ? new WrappedKeys(stackKey) : new KeptKeys(this));
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters');
    const layer = new ProverLayer(this, 'ProverLayer');
    const packaging = packagingOf(this, layer);
    const { lanes: laneSettings, authorizationCacheSeconds } = settingsOf(this);
    const table = laneTable(laneSettings);
    const shared = { storage, sealing, deadLetters, layer };
    const proving = table.proving.map((lane) => provingLane(this, lane, shared, packaging));
    const transaction = transactionLane(this, table.transaction, shared, proving);
    const keys = keysLane(this, table.keys, shared, proving);
    const lanes = [...proving, transaction, keys];
    const prefetch = keys.worker;
    const { settleEventSource, sweep } = new Upkeep(this, 'Upkeep', { storage, lanes, deadLetters, prefetch });
    const audit = new Audit(this, 'Audit', { storage });
    new Alarms(this, 'Alarms', { lanes, deadLetters, sweep, audit: audit.function });
    const api = new Api(this, 'Api', { storage, sealing, lanes, layer, prefetch });

    const outputs = {
      ApiUrl: api.url,
      TableName: storage.table.tableName,
      BucketName: storage.bucket.bucketName,
      AuditBucketName: audit.bucket.bucketName,
      PrefetchFunctionName: prefetch.functionName,
      DeadLetterQueueUrl: deadLetters.queueUrl,
      SettleEventSource: settleEventSource,
      AuthorizationCacheSeconds: `${authorizationCacheSeconds}`,
      LaneSettings: JSON.stringify(laneSettings.lanes ?? {}),
      ...Object.fromEntries(lanes.map((lane) => [laneOutput(lane.lane.name), this.toJsonString(deployed(lane))])),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}

function deployed({ lane, eventSource }: LaneQueue): DeployedLane {
  const { name, memoryMb, timeoutSeconds, maxConcurrency, capacity, reservedConcurrency } = lane;
  return { name, memoryMb, timeoutSeconds, maxConcurrency, capacity, reservedConcurrency, eventSource };
}
