/** What a publishable key is good for: its page's contracts, and nothing that outlasts a job. */
import './scratch.ts';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { zkConfigToProvingKeyMaterial } from '@midnight-ntwrk/midnight-js-types';
import { afterAll, expect, test } from 'vitest';
import type { Caller } from '../../core/access/caller.ts';
import { BUILT_IN_CONTRACT } from '../../core/contracts/names.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { INLINED_KEYS_PREFIX, objectsUnder } from '../../core/store/objects.ts';
import { ContractKeys } from '../generator/keys.ts';
import { ask } from '../stack/ask.ts';
import { CALLER } from '../stack/caller.ts';

const ORIGIN = 'https://dapp.example';
const ITS_CONTRACT = 'ab'.repeat(32);
const OTHER_CONTRACT = 'cd'.repeat(32);
const VISITOR: Caller = {
  ...CALLER,
  apiKey: randomUUID(),
  publishable: { origins: [ORIGIN], contracts: [ITS_CONTRACT] },
};
const asked = (method: string, path: string, body?: object) =>
  ask(method, path, { caller: VISITOR, headers: { origin: ORIGIN }, ...(body && { body }) });

const preimage = await readFile('test/data/preimages/fallible-count.preimage.bin');
const BUILT_IN = 'midnight/dust/spend';

afterAll(() => nativeProver().stop());

test.each([
  ['a job', 'POST', '/v1/jobs', { circuit: BUILT_IN, preimage: preimage.toString('base64') }],
  ['a claim', 'POST', '/v1/verify', { circuit: BUILT_IN, proof: 'AAAA', statement: [] }],
  ['one claim of several', 'POST', '/v1/verify', { items: [{ circuit: BUILT_IN, proof: 'AAAA', statement: [] }] }],
  ['an estimate', 'POST', '/v1/estimate', { circuit: BUILT_IN }],
  ['a contract', 'GET', `/v1/contracts/${OTHER_CONTRACT}`, undefined],
])('%s of another contract is not for it', async (_, method, path, body) => {
  expect(await asked(method, path, body)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
});

test('its own contract is looked for', async () => {
  expect((await asked('GET', `/v1/contracts/${ITS_CONTRACT}`)).body).toMatchObject({ code: 'CONTRACT_NOT_FOUND' });
});

test('a larger lane than the circuit needs is not for it', async () => {
  const caller = { ...VISITOR, publishable: { origins: [ORIGIN], contracts: [BUILT_IN_CONTRACT] } };
  const form = { circuit: BUILT_IN, preimage: preimage.toString('base64') };
  const submit = (body: object) => ask('POST', '/v1/jobs', { caller, headers: { origin: ORIGIN }, body });
  expect(await submit({ ...form, lane: 'large' })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  expect(await submit(form)).toMatchObject({ status: 202 });
});

test('keys that come along are refused, and not stored', async () => {
  const keys = zkConfigToProvingKeyMaterial(await new ContractKeys('fallible').get('count'));
  const body = Uint8Array.from(createProvingPayload(preimage, undefined, keys));
  for (const path of ['/prove', '/v1/jobs']) expect((await asked('POST', path, body)).status).toBe(403);
  expect(await objectsUnder(INLINED_KEYS_PREFIX)).toEqual([]);
});
