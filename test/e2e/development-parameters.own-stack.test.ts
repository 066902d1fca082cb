/** Circuits above k=14, on development parameters, in a deployment that has switched them on. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { createCheckPayload, createProvingPayload } from '@midnight-ntwrk/ledger-v8';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paramsBytes } from '../../core/circuits/params.ts';
import { objectOf } from '../../core/store/objects.ts';
import { awsAt } from '../../local/aws.ts';
import type { LocalStack } from '../../local/stack.ts';
import { folderOf } from '../cli/compiled.ts';
import { nightshift } from '../cli/run.ts';
import { irFile } from '../generator/circuits.ts';
import { verifierFile } from '../generator/keys.ts';
import { verifies } from '../generator/native-prover.ts';
import { sizedCircuit } from '../generator/sized-circuit.ts';
import { endOf, get, jobView, postJob } from '../stack/api.ts';
import { built, register } from '../stack/contracts.ts';
import { startOwnStack } from '../stack/own-stack.ts';

/** The largest takes some minutes to derive and prove on two cores. */
const PATIENCE_MS = 600_000;

let stack: LocalStack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightshift-development-'));
  stack = await startOwnStack({ developmentParameters: true });
});
afterAll(async () => {
  await stack.stop();
  await rm(folder, { recursive: true });
});

/** A file of an object in the deployment's bucket. */
async function fileOf(key: string): Promise<string> {
  const { s3 } = awsAt(stack.endpoint);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: stack.outputs.BucketName, Key: key }));
  const path = join(folder, key.replaceAll('/', '-'));
  await writeFile(path, (await Body?.transformToByteArray()) ?? '');
  return path;
}

function post(path: string, body: Uint8Array | object): Promise<Response> {
  const form = !(body instanceof Uint8Array);
  return fetch(`${stack.url}${path}`, {
    method: 'POST',
    body: form ? JSON.stringify(body) : Uint8Array.from(body),
    headers: { 'content-type': form ? 'application/json' : 'application/octet-stream' },
  });
}

const spend = async () => ({
  zkir: await readFile(irFile('midnight/zswap/spend')),
  preimage: await readFile('test/data/preimages/zswap-spend-user-1.preimage.bin'),
});

describe('with development parameters', () => {
  test.each([
    ['midnight/zswap/spend', 15, spend],
    ['a circuit', 16, async () => sizedCircuit(16)],
    ['a circuit', 17, async () => sizedCircuit(17)],
  ])(
    '%s of k=%i is derived and proved, and every answer says that it is insecure',
    async (_, k, make) => {
      const { zkir, preimage } = await make();
      const circuits = { spend: { zkir: Buffer.from(zkir).toString('base64') } };
      const insecure = { parameters: 'development', warning: expect.stringContaining('INSECURE') };
      const registered = await register({ circuits, parameters: 'development' }, stack.url);
      expect(registered).toMatchObject({ id: expect.stringMatching(/^dev-[0-9a-f]{64}$/), ...insecure });
      const contract = await built(registered, stack.url);
      expect(contract).toMatchObject({ state: 'ready', circuits: { spend: { k } }, ...insecure });

      const body = { contract: contract.id, circuit: 'spend', preimage: Buffer.from(preimage).toString('base64') };
      const submitted = jobView.parse(await (await postJob(JSON.stringify(body), stack.url)).json());
      const job = await endOf(submitted, stack.url);
      expect(job).toMatchObject({ state: 'succeeded', ...insecure });

      const keysId = `dev-${contract.circuits.spend?.zkirSha256}`;
      const verifier = await fileOf(objectOf.key(keysId, 'verifier'));
      const params = await fileOf(`params/development/bls_development_2p${k}`);
      const statement = job.statement ?? [];
      const proof = Buffer.from(job.proof ?? '', 'base64');
      expect(await verifies(proof, verifier, statement, params)).toBe(true);
      expect(await verifies(proof, verifier, statement.with(0, '1'), params)).toBe(false);
      const claim = { contract: contract.id, circuit: 'spend', proof: job.proof, statement };
      const verdict = async (body: object) => (await post('/v1/verify', body)).json();
      expect(await verdict(claim)).toEqual({ valid: true, ...insecure });
      const items = [claim, { ...claim, statement: statement.with(0, '1') }];
      expect(await verdict({ items })).toMatchObject({ valid: false, items: [{ valid: true }, { valid: false }] });
      // The real parameters do not know such a proof.
      expect(await verifies(proof, verifier, statement)).toBe(false);
    },
    PATIENCE_MS,
  );

  test('every endpoint says so, in the header and in JSON', async () => {
    const zkir = (await readFile(irFile('fallible/count'))).toString('base64');
    const preimage = await readFile('test/data/preimages/fallible-count.preimage.bin');
    const witness = preimage.toString('base64');
    const { id, links } = await built(
      await register({ circuits: { count: { zkir } }, parameters: 'development' }, stack.url),
      stack.url,
    );
    const submitted = await post('/v1/jobs', { contract: id, circuit: 'count', preimage: witness });
    const job = await endOf(jobView.parse(await submitted.clone().json()), stack.url);

    const inJson = [
      submitted,
      await get(job.links.self, stack.url),
      await get(links.self, stack.url),
      await post('/v1/contracts', { circuits: { count: { zkir } }, parameters: 'development' }),
      await post(`${links.prefix}/prove`, { witness, circuit_id: 'count' }),
      await post(`${links.prefix}/check`, { preimage: witness }),
      await post(`${links.prefix}/k`, { circuit_id: 'count' }),
      await post('/v1/verify', { contract: id, circuit: 'count', proof: job.proof, statement: job.statement }),
      await post('/v1/estimate', { contract: id, circuit: 'count' }),
    ];
    const inBytes = [
      await get(job.links.proof, stack.url),
      await post(`${links.prefix}/prove`, createProvingPayload(preimage, undefined)),
      await post(`${links.prefix}/check`, createCheckPayload(preimage)),
    ];
    const warning = expect.stringMatching(/^INSECURE: /);
    for (const response of [...inJson, ...inBytes]) {
      expect([response.url, response.ok]).toEqual([response.url, true]);
      expect([response.url, response.headers.get('x-nightshift-warning')]).toEqual([response.url, warning]);
    }
    for (const response of inJson) {
      expect(await response.json()).toMatchObject({ parameters: 'development', warning });
    }
  });

  test('the command line has them made, pushes a contract on them, and warns each time', async () => {
    const warning = /^⚠ INSECURE: /m;
    const made = await nightshift(['params', 'dev', '--k', '6', '--url', stack.url]);
    expect(made).toMatchObject({ code: 0, stderr: expect.stringMatching(warning) });
    expect((await readFile(await fileOf('params/development/bls_development_2p6'))).length).toBe(paramsBytes(6));

    const compiled = await folderOf({
      'zkir/get.zkir': await readFile(irFile('composable-inner/get')),
      'keys/get.verifier': await readFile(await verifierFile('composable-inner/get')),
    });
    const pushed = await nightshift(['push', compiled, '--dev', '--json', '--url', stack.url]);
    expect(pushed).toMatchObject({ code: 0, stderr: expect.stringMatching(warning) });
    expect(JSON.parse(pushed.stdout)).toMatchObject({ state: 'ready', parameters: 'development' });
  });

  test('verifier keys are refused: they can not match', async () => {
    const circuits = {
      get: { zkir: JSON.parse(await readFile(irFile('composable-inner/get'), 'utf8')), verifierKey: 'AAAA' },
    };
    await expect(register({ circuits, parameters: 'development' }, stack.url)).rejects.toThrow(/leave them out/);
  });
});
