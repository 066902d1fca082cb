import * as z from 'zod';

/** Midnight's public parameters, or insecure ones for development. What is made with one set is worthless with the other. */
export const parameterSet = z.enum(['midnight', 'development']);
export type ParameterSet = z.infer<typeof parameterSet>;
