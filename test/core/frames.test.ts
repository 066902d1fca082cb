import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { framesOf, toFrame } from '../../core/prover/frames.ts';

const message = fc.record({ id: fc.nat(), op: fc.string(), body: fc.uint8Array({ maxLength: 300 }) });

test('messages come out as they went in, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message), fc.array(fc.nat(2000)), async (messages, cuts) => {
      const bytes = Buffer.concat(messages.map(toFrame));
      const ends = [...cuts.sort((a, b) => a - b), bytes.length];
      const chunks = ends.map((end, n) => bytes.subarray(ends[n - 1] ?? 0, end));
      expect(await Array.fromAsync(framesOf(Readable.from(chunks)))).toEqual(messages);
    }),
  );
});
