/** Whole numbers as options of commands. */
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';

/** @param reason why the bounds are what they are */
export function wholeNumber(schema: z.ZodInt, reason = ''): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && schema.safeParse(Number(text)).success) return Number(text);
    throw new InvalidArgumentError(`It takes a whole number, ${rangeOf(schema)}. ${reason}`.trim());
  };
}

export function rangeOf({ minValue, maxValue }: z.ZodInt): string {
  return maxValue === Number.MAX_SAFE_INTEGER ? `${minValue} or more` : `from ${minValue} to ${maxValue}`;
}
