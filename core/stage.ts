/** Stages: several deployments in one account and region, each a stack of its own. */
import { z } from 'zod';

export const stageSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'A stage has small letters, digits and hyphens, begins with a letter, 32 at most');

/** The stack's name. */
export const stackOf = (stage?: string): string => (stage === undefined ? 'Nightshift' : `Nightshift-${stage}`);
