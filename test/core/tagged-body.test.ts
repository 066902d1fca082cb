import { createCheckPayload, createProvingPayload, createProvingTransactionPayload } from '@midnight-ntwrk/ledger-v8';
import { expect, test } from 'vitest';
import { kindOf } from '../../core/jobs/tagged-body.ts';
import { binaryIr } from '../generator/circuits.ts';
import { recordedPreimage } from '../generator/recorded.ts';
import { unprovenZswapOutputs } from '../generator/zswap-output.ts';

const preimage = recordedPreimage('fallible-count');

test.each([
  ['preimage', () => preimage],
  ['prove', () => createProvingPayload(preimage, undefined)],
  ['check', () => createCheckPayload(preimage, binaryIr('fallible/count'))],
  ['transaction', () => createProvingTransactionPayload(unprovenZswapOutputs(1).transaction, new Map())],
])('what the ledger package makes is known: %s', (kind, body) => {
  expect(kindOf(body())).toBe(kind);
});

test.each([
  ['nothing', ''],
  ['zeros', '\0'.repeat(99)],
  ['JSON', '{"witness": ""}'],
  ['a proof', 'midnight:proof-versioned:'],
  ['a tag that breaks off', 'midnight:(proof-preimage-versioned'],
])('%s is none of them', (_, body) => {
  expect(kindOf(Buffer.from(body))).toBeUndefined();
});
