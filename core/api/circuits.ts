/** Questions about circuits that are answered at once: does a proof verify, would a preimage prove, what would it cost. */
import { z } from 'zod';
import { MAX_BATCH } from '../limits.ts';
import { base64, decimal, developmentNote, laneName } from './fields.ts';
import { circuitReference, estimate, proofRequest } from './jobs.ts';

export const claim = z
  .strictObject({ ...circuitReference, proof: base64('A tagged, versioned proof'), statement: z.array(decimal) })
  .meta({ id: 'Claim', description: 'That the proof holds for the statement' });

export const claims = z
  .strictObject({ items: z.array(claim).min(1).max(MAX_BATCH) })
  .meta({ id: 'Claims', description: 'Verified together: quicker than one by one' });

export const verifyForm = z.union([claim, claims]);

export const verdict = z
  .object({
    valid: z.boolean(),
    reason: z.string().optional().meta({ description: 'Why not' }),
    ...developmentNote,
  })
  .meta({ id: 'Verdict' });

const verdicts = z
  .object({ valid: z.boolean().meta({ description: 'Whether all are' }), items: z.array(verdict) })
  .meta({ id: 'Verdicts' });

export const verifyView = z.union([verdicts, verdict]);

export const estimateForm = z.strictObject(circuitReference).meta({ id: 'EstimateForm' });

export const estimateView = z
  .object({
    ...circuitReference,
    ...developmentNote,
    k: z.int().meta({ description: 'The circuit has up to 2^k rows' }),
    lane: laneName,
    ...estimate.shape,
    pricesAsOf: z.iso.date(),
  })
  .meta({ id: 'CircuitEstimate', description: 'What a proof of the circuit is expected to take now' });

export const checkForm = z.strictObject(proofRequest).meta({ id: 'CheckForm' });

export const checkView = z
  .object({
    satisfied: z.boolean().meta({ description: 'Whether the preimage satisfies its circuit: it can be proved' }),
    reason: z.string().optional().meta({ description: 'Why not' }),
    estimate: estimateView,
  })
  .meta({ id: 'Check' });
