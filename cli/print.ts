/** How things are said. */
import { styleText } from 'node:util';

const inUnits = (unit: string) => new Intl.NumberFormat('en', { style: 'unit', unit, maximumSignificantDigits: 3 });
const kilobytes = inUnits('kilobyte');
const megabytes = inUnits('megabyte');

export const sizeOf = (bytes: number): string =>
  bytes < 1e6 ? kilobytes.format(bytes / 1e3) : megabytes.format(bytes / 1e6);

export const durationOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const dollars = new Intl.NumberFormat('en', { style: 'currency', currency: 'USD', maximumSignificantDigits: 2 });
export const priceOf = (usd: number): string => dollars.format(usd);

/** Columns as wide as their longest cell. */
export function tableOf(rows: string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => `${cells[column]}`.length))) ?? [];
  const lineOf = (cells: string[]) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((cells) => lineOf(cells).trimEnd()).join('\n');
}

export const warn = (text: string): void =>
  console.error(`${styleText('yellow', '⚠', { stream: process.stderr })} ${text}`);
