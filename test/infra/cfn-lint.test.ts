/** What a linter that knows CloudFormation's rules says of the templates that a deployment can come to. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { installPython } from '../../local/python.ts';
import { synthesize } from './synthesize.ts';

/** Rules that are not held. */
const IGNORED = [
  // A dependency that is said twice: the CDK writes one beside each reference to a role, and nothing comes of it.
  'W3005',
];

const DOMAIN = {
  name: 'prove.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/12345678-1234-1234-1234-123456789012',
};
const CONTEXTS = [
  { packaging: 'image' },
  { packaging: 'zip' },
  { stage: 'test', tags: { team: 'x' }, domain: { ...DOMAIN, hostedZoneId: 'Z0123456789ABCDEFGHIJ' } },
  { domain: DOMAIN, alarmEmail: 'operator@example.com', lanes: { small: { reservedConcurrency: 20 } } },
  { keepData: false, pool: { workers: 2, capacity: 0, timeoutSeconds: 600 } },
  { kms: false, waf: false },
];

/** A slow network included. */
const INSTALL_MS = 5 * 60_000;

let executables: string;
beforeAll(async () => {
  const { signal } = new AbortController();
  executables = await installPython('cfn-lint', join(import.meta.dirname, 'cfn-lint.txt'), () => {}, signal);
}, INSTALL_MS);

/** @returns one a line. */
async function findingsIn(template: object): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-templates-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'template.json');
  await writeFile(file, JSON.stringify(template));
  const args = ['--format', 'parseable', '--ignore-checks', ...IGNORED, '--', file];
  const { stdout } = await promisify(execFile)(join(executables, 'cfn-lint'), args).catch((error) => {
    // So it ends where it has findings.
    if (error.stdout) return error;
    throw error;
  });
  return stdout.split('\n').filter(Boolean);
}

test.each(CONTEXTS)('it finds nothing in the template of %j', async (context) => {
  expect(await findingsIn(synthesize(context).toJSON())).toEqual([]);
});

test('it finds what would be refused, and what would lose a table', async () => {
  const template = synthesize({ packaging: 'zip' }).toJSON();
  const table = Object.values<Table>(template.Resources).find(({ Type }) => Type === 'AWS::DynamoDB::GlobalTable');
  delete table?.UpdateReplacePolicy;
  Object.assign(table?.Properties ?? {}, { BillingMode: 'FREE' });
  const findings = await findingsIn(template);
  expect(findings.join('\n')).toMatch(/E3030.*'FREE'/);
  expect(findings.join('\n')).toMatch(/W3011.*UpdateReplacePolicy/);
});

interface Table {
  Type: string;
  UpdateReplacePolicy?: string;
  Properties: object;
}
