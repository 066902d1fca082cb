/** Many jobs in one call. */
import * as z from 'zod';
import { circuitName } from '../contracts/names.ts';
import { JOB_STATES } from '../jobs/state.ts';
import { MAX_BATCH } from '../limits.ts';
import { base64, decimal, developmentNote, failure, uuid } from './fields.ts';
import { jobView, ONE_WITNESS, proofForm, withOneWitness } from './jobs.ts';

function haveOwnIds(items: { id?: string | undefined }[]): boolean {
  const ids = items.flatMap(({ id }) => id ?? []);
  return new Set(ids).size === ids.length;
}

export const batchForm = z
  .strictObject({
    items: z
      .array(z.strictObject(proofForm).transform(withOneWitness).meta(ONE_WITNESS))
      .min(1)
      .max(MAX_BATCH)
      .refine(haveOwnIds, 'no two items may have the same id'),
  })
  .meta({ id: 'BatchForm' });

const batchItem = z
  .object({
    job: z.uuid().optional().meta({ description: 'Missing if it could not become a job' }),
    circuit: circuitName,
    ...developmentNote,
    state: z.enum(JOB_STATES),
    error: failure.optional(),
    statement: z.array(decimal).optional(),
    proof: base64('The tagged, versioned proof')
      .optional()
      .meta({ description: 'Left out where the answer would get too large: then it is at its job' }),
  })
  .meta({ id: 'BatchItem' });

export const batchId = z.object({ id: uuid });

/** The items are in the order in which they were sent. */
export const batchView = z
  .object({
    id: z.uuid(),
    state: z.enum(['running', 'ended']),
    createdAt: z.iso.datetime(),
    items: z.array(batchItem),
    links: jobView.shape.links.pick({ self: true }),
  })
  .meta({ id: 'Batch' });
