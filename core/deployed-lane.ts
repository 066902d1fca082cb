/** What a deployment tells of a lane by an output of its stack, for the commands of its operator. */
import { z } from 'zod';
import { capsSchema, LANE_NAMES, type LaneName } from './lanes.ts';

/** The caps as deployed: `core/caps.ts` has what was changed since. */
export const deployedLane = z.object({
  name: z.enum(LANE_NAMES),
  memoryMb: z.int(),
  timeoutSeconds: z.int(),
  ...capsSchema.shape,
  reservedConcurrency: z.int().optional(),
  /** The UUID of the event source that hands out the lane's messages. */
  eventSource: z.string().min(1),
});
export type DeployedLane = z.infer<typeof deployedLane>;

export const laneOutput = (name: LaneName): string => `Lane${name}`;
