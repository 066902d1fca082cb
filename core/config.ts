/** The environment that infra gives every function. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { LANE_NAMES } from './lanes.ts';

const environment = z.object({
  TABLE_NAME: z.string().min(1),
  BUCKET_NAME: z.string().min(1),
});

const queues = z.object({
  QUEUE_URLS: z
    .string()
    .transform((json) => JSON.parse(json))
    .pipe(z.record(z.enum(LANE_NAMES), z.url())),
});

const prover = z.object({
  /** The native prover. In a layer and in the image it is at the same place. */
  PROVER_PATH: z.string().default('/opt/bin/nightshift-prover'),
  /** Where prove keeps keys and parameters between jobs. */
  ARTIFACT_DIR: z.string().default(join(tmpdir(), 'nightshift-artifacts')),
});

export const tableName = (): string => environment.shape.TABLE_NAME.parse(process.env.TABLE_NAME);
export const bucketName = (): string => environment.shape.BUCKET_NAME.parse(process.env.BUCKET_NAME);
export const queueUrls = (): Record<(typeof LANE_NAMES)[number], string> => queues.parse(process.env).QUEUE_URLS;
export const proverConfig = (): z.infer<typeof prover> => prover.parse(process.env);
