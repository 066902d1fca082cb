/** Whole numbers as options of commands. */
import { InvalidArgumentError } from 'commander';
import { z } from 'zod';

/** @param hint what more there is to say, such as why the bounds are what they are */
export function wholeNumber(schema: z.ZodInt, hint = ''): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && schema.safeParse(Number(text)).success) return Number(text);
    throw new InvalidArgumentError(`It takes a whole number, ${rangeOf(schema)}. ${hint}`.trim());
  };
}

export function rangeOf({ minValue, maxValue }: z.ZodInt): string {
  return maxValue === Number.MAX_SAFE_INTEGER ? `${minValue} or more` : `from ${minValue} to ${maxValue}`;
}

/** 0 is any free one. */
export const portNumber = wholeNumber(z.int().min(0).max(65_535));
