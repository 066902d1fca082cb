import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LANES } from '../core/lanes.ts';
import { Api } from './api.ts';
import { bundleFunctions } from './bundle.ts';
import { ProvingLane } from './lane.ts';
import { ProverLayer, packagingOf } from './packaging.ts';
import { Storage } from './storage.ts';
import { Upkeep } from './upkeep.ts';

/** Everything: what keeps state, one queue and prove function per lane, the API before them, and the upkeep behind. */
export class NightshiftStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, { description: 'Nightshift: serverless proving for Midnight', ...props });
    bundleFunctions();

    const storage = new Storage(this, 'Storage');
    const layer = new ProverLayer(this, 'ProverLayer');
    const packaging = packagingOf(this, layer);
    const lanes = LANES.map((lane) => new ProvingLane(this, `Lane-${lane.name}`, { lane, storage, packaging }));
    const api = new Api(this, 'Api', { storage, lanes, layer });
    const upkeep = new Upkeep(this, 'Upkeep', { storage, lanes, layer });

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'TableName', { value: storage.table.tableName });
    new CfnOutput(this, 'BucketName', { value: storage.bucket.bucketName });
    new CfnOutput(this, 'PrefetchFunctionName', { value: upkeep.prefetch.functionName });
  }
}
