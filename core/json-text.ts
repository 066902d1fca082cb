import { z } from 'zod';

/** Text that is JSON, of what the schema takes. */
export const jsonText = <S extends z.ZodType>(schema: S) =>
  z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(schema);
