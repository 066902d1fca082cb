/** A witness that is recognised wherever it shows up. */

/** As long as the longest string that is one field element. */
export const MARKER = 'no-answer-may-ever-hold-this-1n';

/** More than half a field element, in whole groups of base64. The prover repeats shorter bodies, as the reference does. */
const LEAST_CHARS = 18;

/** Any part of the marker that is long enough, and the whole of it as a number, in the forms a text could hold. */
const TRACES = tracesOf(Buffer.from(MARKER));

export const tellsMarker = (answer: string | Buffer): boolean => TRACES.some((trace) => answer.includes(trace));

function tracesOf(marker: Buffer): string[] {
  const parts = Array.from({ length: marker.length - LEAST_CHARS + 1 }, (_, at) =>
    marker.subarray(at, at + LEAST_CHARS),
  );
  const reversed = Buffer.from(marker.toReversed()).toString('hex');
  const asNumber = BigInt(`0x${reversed}`).toString();
  return [
    ...parts.flatMap((part) => [
      part.toString('latin1'),
      part.toString('hex'),
      part.toString('base64'),
      part.join(','),
      part.join(', '),
    ]),
    reversed,
    asNumber,
  ];
}
