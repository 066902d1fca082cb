/** Damage to bytes, as data, so that what breaks something can be shown and shrunk. */
import fc from 'fast-check';

/** Somewhere in a body: a share of its length, in millionths; or near a landmark, where tags stand, and the lengths before and after. */
type Place = { share: number } | { landmark: number; offset: number };

/** `length` in bytes. */
export type Edit =
  | { kind: 'flip'; at: Place; bit: number }
  | { kind: 'overwrite'; at: Place; bytes: Uint8Array }
  | { kind: 'insert'; at: Place; bytes: Uint8Array }
  | { kind: 'remove'; at: Place; length: number }
  | { kind: 'repeat'; at: Place; length: number; times: number }
  | { kind: 'truncate'; at: Place }
  | { kind: 'double' }
  | { kind: 'splice'; at: Place; donor: number; from: Place };

const WHOLE = 1_000_000;
const LONGEST_RANGE = 256;
const MOST_REPETITIONS = 64;

/** Lengths as the wire writes them (the two lowest bits say how many bytes follow), and as others do: none to huge. */
const LENGTHS = [
  '00',
  '04',
  'fc',
  '0100',
  'fdff',
  'feffffff',
  '03ffffffff',
  '13ffffffffffffffff',
  'ffffffff',
  '00000080',
].map((hex) => new Uint8Array(Buffer.from(hex, 'hex')));

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ share: fc.noBias(fc.nat(WHOLE)) }),
  fc.record({ landmark: fc.nat(20), offset: fc.integer({ min: -6, max: 6 }) }),
);
const length = fc.integer({ min: 1, max: LONGEST_RANGE });
const range = fc.uint8Array({ minLength: 1, maxLength: LONGEST_RANGE });

/** One damage. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant('overwrite' as const),
    at: place,
    bytes: fc.oneof(fc.constantFrom(...LENGTHS), range),
  }),
  fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.oneof(fc.constantFrom(...LENGTHS), range) }),
  fc.record({ kind: fc.constant('remove' as const), at: place, length }),
  fc.record({
    kind: fc.constant('repeat' as const),
    at: place,
    length,
    times: fc.integer({ min: 1, max: MOST_REPETITIONS }),
  }),
  fc.record({ kind: fc.constant('truncate' as const), at: place }),
  fc.record({ kind: fc.constant('double' as const) }),
  fc.record({ kind: fc.constant('splice' as const), at: place, donor: fc.nat(), from: place }),
);

/** Mostly one to four damages; now and then none, so that the undamaged way is gone, too. */
export const edits: fc.Arbitrary<Edit[]> = fc.oneof(
  { weight: 99, arbitrary: fc.array(edit, { minLength: 1, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant<Edit[]>([]) },
);

/** @param donors bodies whose parts are spliced in. */
export const damage = (body: Uint8Array, edits: Edit[], donors: readonly Uint8Array[]): Buffer =>
  edits.reduce<Buffer>((bytes, edit) => apply(bytes, edit, donors), Buffer.from(body));

function apply(bytes: Buffer, edit: Edit, donors: readonly Uint8Array[]): Buffer {
  if (edit.kind === 'double') return Buffer.concat([bytes, bytes]);
  const at = positionIn(bytes, edit.at);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (edit.kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      if (at < bytes.length) flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << edit.bit), at);
      return flipped;
    }
    case 'overwrite':
      return Buffer.concat([head, edit.bytes, tail.subarray(edit.bytes.length)]);
    case 'insert':
      return Buffer.concat([head, edit.bytes, tail]);
    case 'remove':
      return Buffer.concat([head, tail.subarray(edit.length)]);
    case 'repeat':
      return Buffer.concat([head, ...Array(edit.times).fill(tail.subarray(0, edit.length)), tail]);
    case 'truncate':
      return head;
    case 'splice': {
      const donor = Buffer.from(donors[edit.donor % donors.length] ?? []);
      return Buffer.concat([head, donor.subarray(positionIn(donor, edit.from))]);
    }
  }
}

function positionIn(bytes: Buffer, place: Place): number {
  if ('share' in place) return Math.floor((place.share / WHOLE) * bytes.length);
  const landmarks = landmarksIn(bytes);
  const landmark = landmarks[place.landmark % landmarks.length] ?? 0;
  return Math.min(Math.max(landmark + place.offset, 0), bytes.length);
}

const TAG = /midnight:[^:]*:/g;

/** Where tags begin and end. */
const landmarksIn = (bytes: Buffer): number[] =>
  [...bytes.toString('latin1').matchAll(TAG)].flatMap(({ index, 0: tag }) => [index, index + tag.length]);
