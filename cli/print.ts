/** How things are said. */
import { styleText } from 'node:util';

const inUnits = (unit: string) => new Intl.NumberFormat('en', { style: 'unit', unit, maximumSignificantDigits: 3 });
const kilobytes = inUnits('kilobyte');
const megabytes = inUnits('megabyte');

export const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? kilobytes.format(bytes / 1e3) : megabytes.format(bytes / 1e6);

export const durationOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

export const warn = (text: string): void =>
  console.error(`${styleText('yellow', '⚠', { stream: process.stderr })} ${text}`);
