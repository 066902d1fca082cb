/** A stack that does without the KMS key that it had: what seals, what opens, and what may do neither. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { GetParameterCommand, GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Nightshift } from '../../client/index.ts';
import { stackOf } from '../../core/stage.ts';
import { accessTo, awsAt, REGION } from '../../local/aws.ts';
import type { LocalStack } from '../../local/stack.ts';
import { OWN_STATE, startOwnStack } from '../stack/own-stack.ts';
import { credentialsOf, DELIBERATE, isDeliberate, POLICED, refusals } from '../stack/privileges.ts';

const CIRCUIT = 'midnight/dust/spend';
const PATH = `/${stackOf()}/sealing-keys`;

let stack: LocalStack;
beforeAll(async () => {
  stack = await startOwnStack({ kms: false, emulatorScript: POLICED, allowedOrigins: [] });
});
afterAll(() => stack?.stop());

const preimage = () => readFile(join('test', 'data', 'preimages', 'dust-spend.preimage.bin'));

async function parameterStoreAs(name: string): Promise<SSMClient> {
  const credentials = await credentialsOf(`${stackOf()}-${name}`, OWN_STATE);
  return new SSMClient({ endpoint: stack.endpoint, region: REGION, credentials });
}

test('proofs are made of what clients seal, and of what they don’t', async () => {
  for (const seal of [true, false]) {
    const nightshift = new Nightshift({ url: stack.url, seal });
    const { proof } = await nightshift.prove({ circuit: CIRCUIT, preimage: await preimage() });
    expect(proof.length).toBeGreaterThan(0);
  }
  const unexpected = (await refusals(OWN_STATE)).filter((refusal) => !isDeliberate(refusal));
  expect(unexpected, 'policies allow what all of that takes').toEqual([]);
});

test('the KMS key that the stack had before is not its own any more, and not lost: what is encrypted with it can be read', async () => {
  const { cloudFormation } = awsAt(stack.endpoint);
  const list = new DescribeStackResourcesCommand({ StackName: stackOf() });
  const { StackResources = [] } = await cloudFormation.send(list);
  expect(StackResources.filter(({ ResourceType }) => ResourceType === 'AWS::KMS::Key')).toEqual([]);
  const { Keys = [] } = await new KMSClient(accessTo(stack.endpoint)).send(new ListKeysCommand());
  expect(Keys).toHaveLength(1);
});

test('the private sealing key is a secret parameter', async () => {
  const list = new GetParametersByPathCommand({ Path: PATH });
  const { Parameters } = await new SSMClient(accessTo(stack.endpoint)).send(list);
  expect(Parameters).toMatchObject([{ Type: 'SecureString' }]);
});

test.each([
  ['Apisubmit', 'read a private sealing key', new GetParameterCommand({ Name: `${PATH}/${DELIBERATE}` })],
  ['Apistatus', 'read a private sealing key', new GetParameterCommand({ Name: `${PATH}/${DELIBERATE}` })],
  [
    'Lanemediumprove',
    'make a sealing key',
    new PutParameterCommand({ Name: `${PATH}/${DELIBERATE}`, Value: DELIBERATE, Type: 'SecureString' }),
  ],
  [
    'Apisubmit',
    'put another parameter',
    new PutParameterCommand({ Name: `/${DELIBERATE}`, Value: DELIBERATE, Type: 'SecureString' }),
  ],
])('%s may not %s', async (name, _, command) => {
  const asked = (await parameterStoreAs(name)).send(command as GetParameterCommand);
  await expect(asked).rejects.toMatchObject({ name: expect.stringMatching('AccessDenied') });
});
