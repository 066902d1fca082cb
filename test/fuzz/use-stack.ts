import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { BUILT_IN_CIRCUITS } from '../../core/circuits/builtin.ts';
import { keyOf } from '../../core/store/row-keys.ts';
import { awsAt } from '../../local/aws.ts';
import { createScratch } from '../stack/scratch-aws.ts';

/**
 * Points this process's environment at a table and queues of its own, and at the bucket of a running stack, where keys and
 * parameters are. To be called before anything of core/ or functions/ is imported.
 */
export async function useStack(endpoint: string, outputs: Record<string, string>): Promise<void> {
  await createScratch(endpoint);
  await copyKeys(endpoint, outputs.TableName as string, process.env.TABLE_NAME as string);
  process.env.BUCKET_NAME = outputs.BucketName;
  process.env.PREFETCH_FUNCTION_NAME = outputs.PrefetchFunctionName;
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
}

/** The rows of the built-in circuits' keys, which are in the bucket. */
async function copyKeys(endpoint: string, from: string, to: string): Promise<void> {
  const client = DynamoDBDocumentClient.from(awsAt(endpoint).dynamodb);
  for (const { keysId } of BUILT_IN_CIRCUITS) {
    const { Item } = await client.send(new GetCommand({ TableName: from, Key: keyOf.artifact(keysId) }));
    if (Item) await client.send(new PutCommand({ TableName: to, Item }));
  }
}
