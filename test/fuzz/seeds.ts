/** Bodies as clients send them, which the fuzzer damages. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createCheckPayload,
  createProvingPayload,
  createProvingTransactionPayload,
  type ProvingKeyMaterial,
} from '@midnight-ntwrk/ledger-v8';
import { LOCAL_TENANT } from '../../core/access/tenant.ts';
import { registerContract } from '../../core/contracts/register.ts';
import { PROJECT } from '../../local/paths.ts';
import { preimageOf } from '../generator/calls/contract-call.ts';
import { fallibleCount } from '../generator/calls/fallible-count.ts';
import { unprovenCall } from '../generator/calls/unproven-call.ts';
import { binaryIr, irFile } from '../generator/circuits.ts';
import { keyFiles } from '../generator/keys.ts';
import { prove, statementOf } from '../generator/native-prover.ts';
import { pad } from '../generator/values.ts';
import { MARKER } from './marker.ts';

export interface Seed {
  /** The decoder that it is sent to. */
  path: string;
  /** Tagged bytes; or the fields of a JSON form, in which bytes travel as base64. */
  body: Uint8Array | Record<string, FormField>;
  /** Proving what it asks for takes a second or more. */
  slow?: boolean;
}

export type FormField = string | number | Uint8Array | FormField[] | { [name: string]: FormField };

const COUNT = 'fallible/count';
const GET = 'composable-inner/get';
const DUST = 'midnight/dust/spend';
const OUTPUT = 'midnight/zswap/output';

/** One or several of each decoder and form. Registers the contract that some of them name. */
export async function makeSeeds(): Promise<Seed[]> {
  const count = await keysOf(COUNT);
  const counting = await read('preimages/fallible-count.preimage.bin');
  const failing = await read('preimages/NEGATIVE-fallible-count-first-true.preimage.bin');
  const getting = await read('preimages/composable-inner-get-1.preimage.bin');
  const dust = await read('preimages/dust-spend.preimage.bin');
  const output = await read('preimages/zswap-output-user.preimage.bin');
  const marked = markedPreimage();
  const claim = await claimAbout(DUST, dust);
  const registration = { count: { zkir: count.ir, verifierKey: count.verifierKey } };
  const contract = await registerContract(
    LOCAL_TENANT,
    [{ name: 'count', zkir: async () => count.ir, verifierKey: count.verifierKey }],
    'midnight',
    new AbortController().signal,
  );
  const inContract = (endpoint: string) => `/contracts/${contract}/${endpoint}`;
  const call = unprovenCall(fallibleCount(), count.verifierKey).transaction;
  const calling = createProvingTransactionPayload(call, new Map([['count', count]]));
  return [
    { path: '/prove', body: createProvingPayload(counting, undefined, count) },
    { path: '/prove', body: createProvingPayload(counting, 1n, count) },
    { path: '/prove', body: createProvingPayload(failing, undefined, count) },
    { path: '/prove', body: createProvingPayload(marked, undefined, count) },
    { path: '/prove', body: createProvingPayload(getting, undefined, await keysOf(GET)) },
    { path: '/prove', body: createProvingPayload(dust, 1n), slow: true },
    { path: '/prove', body: createProvingPayload(output, undefined), slow: true },
    { path: '/prove', body: { witness: marked, circuit_id: OUTPUT } },
    { path: '/prove', body: { witness: dust, circuit_id: DUST }, slow: true },
    { path: '/check', body: createCheckPayload(counting, count.ir) },
    { path: '/check', body: createCheckPayload(marked, count.ir) },
    { path: '/check', body: createCheckPayload(dust) },
    { path: '/check', body: { preimage: output } },
    { path: '/k', body: count.ir },
    { path: '/k', body: binaryIr(OUTPUT) },
    { path: '/k', body: await readFile(irFile(GET)) },
    { path: '/k', body: { circuit_id: DUST } },
    { path: '/prove-tx', body: await read('transactions/deploy.bin') },
    { path: '/prove-tx', body: calling },
    { path: '/prove-tx', body: { transaction: calling } },
    { path: '/prove-tx', body: await read('transactions/dust-spend.bin'), slow: true },
    { path: '/prove-tx', body: await read('transactions/zswap-two-outputs.bin'), slow: true },
    { path: '/v1/jobs', body: createProvingPayload(marked, undefined, count) },
    { path: '/v1/jobs', body: { circuit: OUTPUT, preimage: marked, bindingInput: '1' } },
    { path: '/v1/jobs', body: { circuit: DUST, preimage: dust, bindingInput: '1' }, slow: true },
    { path: '/v1/jobs', body: { circuit: 'count', contract, preimage: counting } },
    { path: '/v1/verify', body: claim },
    { path: '/v1/verify', body: { items: [claim, claim] } },
    { path: '/v1/check', body: { circuit: DUST, preimage: dust, bindingInput: '1' } },
    { path: '/v1/check', body: { circuit: OUTPUT, preimage: marked } },
    { path: '/v1/estimate', body: { circuit: 'count', contract } },
    { path: inContract('prove'), body: createProvingPayload(counting, undefined) },
    { path: inContract('prove'), body: createProvingPayload(marked, 1n) },
    { path: inContract('prove'), body: { witness: marked, circuit_id: 'count' } },
    { path: inContract('check'), body: createCheckPayload(counting) },
    { path: inContract('check'), body: { preimage: marked } },
    { path: inContract('k'), body: { circuit_id: 'count' } },
    { path: '/v1/contracts', body: { circuits: registration } },
    {
      path: '/v1/contracts',
      body: { circuits: { get: { zkir: await readFile(irFile(GET)) } }, parameters: 'midnight' },
    },
    { path: '/v1/uploads', body: { sha256: '0'.repeat(64), bytes: 7 } },
  ];
}

/** A preimage whose witness is the marker. No circuit asks for it, so none is satisfied. */
function markedPreimage(): Uint8Array {
  return preimageOf({ ...fallibleCount(), witnesses: [pad(MARKER.length, MARKER)] });
}

/** A claim that holds. */
async function claimAbout(circuit: string, preimage: Uint8Array): Promise<Record<string, FormField>> {
  const request = { keyLocation: circuit, preimage };
  const proof = await prove(request, irFile(circuit), await keyFiles(circuit));
  return { circuit, proof, statement: await statementOf(request, irFile(circuit)) };
}

async function keysOf(circuit: string): Promise<ProvingKeyMaterial> {
  const { prover, verifier } = await keyFiles(circuit);
  return { proverKey: await readFile(prover), verifierKey: await readFile(verifier), ir: binaryIr(circuit) };
}

const read = (file: string): Promise<Uint8Array> => readFile(join(PROJECT, 'test/data', file));
