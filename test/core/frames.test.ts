import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { framesOf, toFrame } from '../../core/prover/frames.ts';

const message = fc.record({ id: fc.nat(), op: fc.string(), body: fc.uint8Array({ maxLength: 300 }) });

test('messages come out as they went in, however the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message), fc.integer({ min: 1, max: 64 }), async (messages, size) => {
      const bytes = Buffer.concat(messages.map(toFrame));
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const seen = [];
      for await (const frame of framesOf(Readable.from(chunks))) seen.push(frame);
      expect(seen).toEqual(messages);
    }),
  );
});
