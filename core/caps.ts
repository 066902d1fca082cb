/** Caps that an operator has changed on the running deployment. */
import { z } from 'zod';
import { CAPS, type Caps, capsSchema } from './lanes.ts';

const { maxConcurrency, capacity } = capsSchema.shape;

/** What replaces a value of the deployment, and which: once that is another, what it is counts again. */
const change = <S extends z.ZodType>(value: S) => z.object({ value, insteadOf: value }).optional();

/** The row of a lane's changed caps. */
export const changedCaps = z.object({ maxConcurrency: change(maxConcurrency), capacity: change(capacity) });
export type ChangedCaps = z.infer<typeof changedCaps>;

/** Which caps they are. */
export const capsChanges = (changed: ChangedCaps): (keyof Caps)[] => CAPS.filter((name) => changed[name] !== undefined);

/** @param deployed as the lane table has them. */
export function capsInForce(deployed: Caps, changed: ChangedCaps = {}): Caps {
  const inForce = (name: keyof Caps) =>
    changed[name]?.insteadOf === deployed[name] ? changed[name].value : deployed[name];
  return { maxConcurrency: inForce('maxConcurrency'), capacity: inForce('capacity') };
}
