/** What a deployment can be told by CDK context. */
import type { Construct } from 'constructs';
import { z } from 'zod';
import { poolSchema } from '../core/lanes.ts';

/** On the command line a context value is text, in a file or a program JSON. */
const jsonOrText = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (typeof value === 'string' && /^[{\dtf]/.test(value) ? JSON.parse(value) : value), schema);

const settingsSchema = z.object({
  /** One lane that stands for the reference server's worker pool, instead of lanes by size. */
  pool: jsonOrText(poolSchema.optional()),
  /** Whether `/fetch-params/{k}` is answered. */
  fetchParams: jsonOrText(z.boolean().default(true)),
  logLevel: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']).default('INFO'),
});
export type Settings = z.infer<typeof settingsSchema>;

export const settingsOf = ({ node }: Construct): Settings =>
  settingsSchema.parse(
    Object.fromEntries(Object.keys(settingsSchema.shape).map((name) => [name, node.tryGetContext(name)])),
  );
