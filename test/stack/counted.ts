/** What the code under test counts, read from its log as CloudWatch reads it. */
import { onTestFinished, vi } from 'vitest';
import { z } from 'zod';

const line = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.string(),
        Dimensions: z.tuple([z.array(z.string())]),
        Metrics: z.tuple([z.object({ Name: z.string(), Unit: z.literal('Count') })]),
      }),
    ]),
  }),
});

export interface Counted {
  namespace: string;
  name: string;
  value: unknown;
  dimensions: Record<string, unknown>;
}

/** @returns what is counted from now on until the test ends; it fills as that happens. */
export function counted(): Counted[] {
  const all: Counted[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    const lines = `${text}`.split('\n').filter((candidate) => candidate.includes('"_aws"'));
    all.push(...lines.map((found) => readLine(JSON.parse(found))));
    return true;
  });
  onTestFinished(() => spy.mockRestore());
  return all;
}

function readLine(said: unknown): Counted {
  const { _aws, ...values } = line.parse(said);
  const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
  const [{ Name }] = Metrics;
  return {
    namespace: Namespace,
    name: Name,
    value: values[Name],
    dimensions: Object.fromEntries(Dimensions[0].map((dimension) => [dimension, values[dimension]])),
  };
}
