/** What several requests and answers of `/v1` have in them. */
import * as z from 'zod';
import { parameterSet } from '../circuits/parameter-set.ts';
import { ERROR_CODES } from '../errors.ts';
import { LANE_NAMES } from '../lanes.ts';
import { MAX_LABEL_NAME, MAX_LABEL_VALUE, MAX_LABELS } from '../limits.ts';

export const base64 = (description: string) => z.base64().meta({ description: `${description}, in base64` });

/** As clients send it: in small letters it is the same. */
export const uuid = z.uuid().toLowerCase();

/** A field element. */
export const decimal = z.string().regex(/^\d+$/, 'must be a decimal number').meta({ description: 'A field element' });

/** In answers, lists of names that may grow are open: older clients read newer servers. */
export const oneOfOrNewer = (names: readonly [string, ...string[]], description: string) =>
  z.union([z.enum(names), z.string()]).meta({ description: `${description}. There may be more of them in time` });

const errorCode = oneOfOrNewer(ERROR_CODES, 'The part of an error that stays the same: programs go by it');

export const laneName = oneOfOrNewer(LANE_NAMES, 'The lane: a queue, a function size and a cap');

/** An error without its HTTP status: a job's, a circuit's. */
export const failure = z
  .object({ code: errorCode, message: z.string() })
  .meta({ id: 'Failure', description: 'What went wrong, and what to do' });

/** Every error answer of `/v1` (RFC 9457). */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What was wrong, and what to do' }),
    code: errorCode,
    instance: z.string().optional().meta({ description: 'The job that it is about' }),
  })
  .meta({ id: 'Problem', description: 'An error (RFC 9457)' });

const LABEL_NAME_RULE = `names of labels have 1 to ${MAX_LABEL_NAME} characters, and no colon`;

export const labels = z
  .record(z.string().regex(new RegExp(`^[^:]{1,${MAX_LABEL_NAME}}$`)), z.string().max(MAX_LABEL_VALUE), {
    error: ({ code }) => (code === 'invalid_key' ? LABEL_NAME_RULE : undefined),
  })
  .refine((given) => Object.keys(given).length <= MAX_LABELS, `must be ${MAX_LABELS} labels at most`)
  .meta({
    id: 'Labels',
    description: `Up to ${MAX_LABELS} names with values, to find jobs by`,
    maxProperties: MAX_LABELS,
  });

/** Stand in answers about what is made with development parameters. */
export const developmentNote = {
  parameters: parameterSet.optional(),
  warning: z.string().optional().meta({ description: 'That it is insecure, if it is' }),
};

export const milliseconds = (description: string) =>
  z
    .int()
    .min(0)
    .meta({ description: `${description}, in ms` });
export const usDollars = (description: string) =>
  z
    .number()
    .min(0)
    .meta({ description: `${description}, in US dollars` });
