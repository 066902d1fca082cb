/** Bodies of tagged bytes: what their header says they are. */

/** How the bodies of the compatible endpoints begin, and a proof preimage by itself. */
const TAGS = {
  prove: 'midnight:(proof-preimage-versioned,option(proving-data),',
  check: 'midnight:(proof-preimage-versioned,option(wrapped-ir)):',
  transaction: 'midnight:(transaction',
  preimage: 'midnight:proof-preimage',
};

export type TaggedKind = keyof typeof TAGS;

const LONGEST = Math.max(...Object.values(TAGS).map(({ length }) => length));

/** Undefined if it is none of them. */
export function kindOf(body: Uint8Array): TaggedKind | undefined {
  const beginning = new TextDecoder('latin1').decode(body.subarray(0, LONGEST));
  const [kind] = Object.entries(TAGS).find(([, tag]) => beginning.startsWith(tag)) ?? [];
  return kind as TaggedKind | undefined;
}
