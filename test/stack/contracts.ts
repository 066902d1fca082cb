/** The contracts API as a client sees it. */
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { z } from 'zod';
import { KEYS_PREFIX } from '../../core/store/objects.ts';
import { awsAt } from '../../local/aws.ts';
import { ask, get } from './api.ts';

const circuitView = z.looseObject({
  state: z.enum(['building', 'ready', 'failed']),
  k: z.int(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});

export const contractView = z.looseObject({
  id: z.string(),
  state: z.enum(['building', 'ready', 'failed']),
  circuits: z.record(z.string(), circuitView),
  links: z.object({ self: z.string(), prefix: z.string() }),
});
export type ContractView = z.infer<typeof contractView>;

/** Packed, as a large one has to be. */
export const postContract = (contract: unknown, url?: string): Promise<Response> =>
  ask(
    'POST',
    '/v1/contracts',
    {
      body: Uint8Array.from(gzipSync(JSON.stringify(contract))),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    },
    url,
  );

/** Registers a contract that is expected to be taken. */
export async function register(contract: unknown, url?: string): Promise<ContractView> {
  const response = await postContract(contract, url);
  const body = await response.json();
  if (response.status !== 202) throw new Error(`not taken: ${JSON.stringify(body)}`);
  return contractView.parse(body);
}

const POLL_MS = 200;

/** The contract once none of its circuits is building any more. */
export async function built({ links }: ContractView, url?: string): Promise<ContractView> {
  for (;;) {
    const contract = contractView.parse(await (await get(links.self, url)).json());
    if (contract.state !== 'building') return contract;
    await delay(POLL_MS);
  }
}

/** What the deployment holds of contracts and their keys: rows of its table, objects of its bucket. */
export async function storedOfContracts(): Promise<string[]> {
  const { TableName, BucketName } = inject('outputs');
  const { dynamodb, s3 } = awsAt(inject('awsEndpoint'));
  const stored: string[] = [];
  const rows = paginateScan({ client: DynamoDBDocumentClient.from(dynamodb) }, { TableName, ConsistentRead: true });
  for await (const { Items = [] } of rows) stored.push(...Items.map(({ PK, SK }) => `${PK} ${SK}`).filter(ofContracts));
  const objects = paginateListObjectsV2({ client: s3 }, { Bucket: BucketName, Prefix: KEYS_PREFIX });
  for await (const { Contents = [] } of objects) stored.push(...Contents.map(({ Key }) => `${Key}`));
  return stored.sort();
}

const ofContracts = (row: string): boolean => /^(CONTRACT|ARTIFACT)#/.test(row);
