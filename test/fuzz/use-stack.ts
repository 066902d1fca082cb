import { createScratch } from '../stack/scratch-aws.ts';

/**
 * Points this process's environment at a table and queues of its own, and at the bucket of a running stack, where keys and
 * parameters are. To be called before anything of core/ or functions/ is imported.
 */
export async function useStack(endpoint: string, outputs: Record<string, string>): Promise<void> {
  await createScratch(endpoint);
  process.env.BUCKET_NAME = outputs.BucketName;
  process.env.PREFETCH_FUNCTION_NAME = outputs.PrefetchFunctionName;
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
}
