import { afterEach, expect, test, vi } from 'vitest';
import { expectSettings } from '../../deploy/checks.ts';
import { optionsOf } from '../../deploy/options.ts';

const optionsFor = (...args: string[]) => optionsOf('deploy', 'Deploys.', args);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

test('settings are told from what the CDK is told', () => {
  const { context, cdkArgs } = optionsFor(
    '-c',
    'packaging=zip',
    '--require-approval',
    'never',
    '-c',
    '@aws-cdk/core:x=1',
  );
  expect(context).toEqual({ packaging: 'zip', '@aws-cdk/core:x': '1' });
  expect(cdkArgs).toEqual(['--require-approval', 'never']);
});

test('a stage is named as for all other commands, or as a setting', () => {
  expect(optionsFor('--stage', 'try').context).toEqual({ stage: 'try' });
  expect(optionsFor('-c', 'stage=try').context).toEqual({ stage: 'try' });
  vi.stubEnv('NIGHTSHIFT_STAGE', 'try');
  expect(optionsFor().context).toEqual({ stage: 'try' });
});

test('a profile is for the CDK and for what looks before and after it', () => {
  vi.stubEnv('AWS_PROFILE', '');
  expect(optionsFor('--profile', 'other').cdkArgs).toEqual([]);
  expect(process.env.AWS_PROFILE).toBe('other');
});

test.each(['Stage=try', 'keepdata=false'])('a setting that there is not is refused: %s', (setting) => {
  vi.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Error(`exit ${code}`);
  });
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(() => optionsFor('-c', setting)).toThrow('exit 1');
  expect(said).toHaveBeenCalledWith(expect.stringContaining('There is no setting'));
});

test('a setting that is wrong is found out before anything is built', () => {
  expect(() => expectSettings({ domain: '{"name":1}' })).toThrow(/The CDK context is wrong/);
  expect(() => expectSettings({ stage: 'try', waf: 'false' })).not.toThrow();
});
