import { describe, expect, test } from 'vitest';
import { limitOption } from '../../cli/tenant-limit-options.ts';
import { TENANT_LIMITS } from '../../core/tenant-limits.ts';
import { folderOf } from './compiled.ts';
import { nightshift } from './run.ts';

test('the help of push names options, variables and exit codes', async () => {
  const { code, stdout, stderr } = await nightshift(['push', '--help']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatchInlineSnapshot(`
    "Usage: nightshift push [options] <folder>

    registers a contract: its keys are derived, and its calls proved from a few
    hundred bytes

    Arguments:
      folder           what the Compact compiler wrote to: the folder with zkir/ and
                       keys/

    Options:
      --no-wait        do not wait until the keys are derived
      --prover-keys    upload keys/*.prover too, instead of having them derived
      --dev            use development parameters: INSECURE, for tests only;
                       verifier keys are left out
      --url <url>      where Nightshift answers (default: "http://127.0.0.1:6300",
                       env: NIGHTSHIFT_URL)
      --api-key <key>  sent as X-API-Key; other users of the machine see it, unlike
                       the variable (env: NIGHTSHIFT_API_KEY)
      --json           print one JSON value on stdout, errors too
      -h, --help       display help for command

    Exit codes:
      0    done
      1    it came to nothing: a proof, a circuit or a check failed, or the server refused
      2    wrong use, or a file that can't be read or written
      3    the server can't be reached
      130  ended by Ctrl-C
    "
  `);
});

test('the help names the commands', async () => {
  const { code, stdout } = await nightshift(['--help']);
  expect(code).toBe(0);
  const ofUsers = ['push', 'prove', 'check', 'verify', 'estimate', 'jobs', 'params', 'doctor', 'proxy'];
  for (const command of [...ofUsers, 'tenants', 'api-keys', 'lanes', 'dead-letters'])
    expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
});

const ofServer = ['--url <url>', '--api-key <key>', '--json'];
const ofStack = ['--stage <name>', '--json'];
const ofLimits = TENANT_LIMITS.map(({ name }) => `${limitOption(name)} <number>`);
const ofKeys = [
  ...[
    '--name <name>',
    '--scope <scope>',
    '--days <number>',
    '--valid-until <time>',
    '--publishable',
    '--origin <origin>',
  ],
  ...['--contract <id>', '--per-minute <number>', '--per-day <number>'],
];

test.each([
  [['usage'], ofServer],
  [['tenants'], ['list', 'create', 'limits', 'erase']],
  [['tenants', 'list'], ofStack],
  [
    ['tenants', 'create'],
    [...ofLimits, ...ofStack],
  ],
  [
    ['tenants', 'limits'],
    [...ofLimits, ...ofStack],
  ],
  [
    ['tenants', 'erase'],
    ['--yes', ...ofStack],
  ],
  [['api-keys'], ['create', 'list', 'rotate', 'revoke']],
  [
    ['api-keys', 'create'],
    [...ofKeys, ...ofStack],
  ],
  [['api-keys', 'list'], ofStack],
  [
    ['api-keys', 'rotate'],
    ['--overlap <time>', ...ofStack],
  ],
  [['api-keys', 'revoke'], ofStack],
])('the help of %j names all that it takes', async (command, names) => {
  const { code, stdout, stderr } = await nightshift([...command, '--help']);
  expect([code, stderr]).toEqual([0, '']);
  const [, heading, listed = ''] = /^(Commands|Options):\n((?: .+\n)+)\n(?!Commands)/m.exec(stdout) ?? [];
  const said = [...listed.matchAll(/^ {2}(\w\S*|--\S+(?: <\w+>)?)/gm)].map(([, name]) => name);
  expect(said).toEqual(heading === 'Commands' ? [...names, 'help'] : names);
});

describe('wrong use ends with 2 and the reason:', () => {
  test.each([
    [[], /^Usage: nightshift/],
    [['puhs'], /unknown command 'puhs'\n\(Did you mean push\?\)/],
    [['push'], /missing required argument 'folder'/],
    [['push', 'one', 'two'], /too many arguments/],
    [['push', '.', '--url', 'localhost:6300'], /It takes a URL, such as http:\/\/127\.0\.0\.1:6300/],
    [['push', '.', '--url', 'http://'], /It takes a URL/],
    [['push', '.', '--dev', '--prover-keys'], /'--prover-keys' cannot be used with option '--dev'/],
    [['prove'], /missing required argument 'file'/],
    [['prove', 'x', '--label', 'colour'], /It takes name:value/],
    [['prove', 'x', '--lane', 'huge'], /Allowed choices are small, /],
    [['prove', 'x', '--binding-input', '-1'], /It takes a decimal number/],
    [['verify', 'x', '--statement', '1'], /required option '--circuit <name>' not specified/],
    [['jobs', 'shwo'], /too many arguments/],
    [['jobs', '--state', 'open'], /Allowed choices are queued, proving, /],
    [['jobs', 'cancel'], /missing required argument 'id'/],
    [['params', 'dev'], /required option '--k <number>' not specified/],
    [['prove', 'x', '--deadline', '0'], /It takes a whole number, 1 or more/],
    [['jobs', '--limit', '1.5'], /It takes a whole number, 0 or more/],
    [['api-keys', 'create', 'x', '--days', '0'], /It takes a whole number, from 1 to 36500/],
    [['api-keys', 'rotate', 'x', '--overlap', '99999999d'], /36500 days at most/],
    [['api-keys', 'create', 'x', '--per-minute', '-1'], /It takes a whole number, 0 or more/],
    [['params', 'dev', '--k', 'large'], /It takes a whole number/],
  ])('%j', async (args, reason) => {
    const { code, stdout, stderr } = await nightshift(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(reason);
  });

  test('with --json it is an error object, too', async () => {
    const { code, stdout, stderr } = await nightshift(['params', 'dev', '--k', 'large', '--json']);
    expect(code).toBe(2);
    const message = "option '--k <number>' argument 'large' is invalid. It takes a whole number, 0 or more.";
    expect(JSON.parse(stdout)).toEqual({ error: { code: 'WRONG_USE', message } });
    expect(stderr).toContain(message);
    const unknown = await nightshift(['jobs', '--json', '--lmit', '3']);
    const guess = "unknown option '--lmit' (Did you mean --limit?)";
    expect(JSON.parse(unknown.stdout)).toEqual({ error: { code: 'WRONG_USE', message: guess } });
  });

  test('help that was asked for is no error', async () => {
    const { code, stdout } = await nightshift(['jobs', '--json', '--help']);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^Usage: nightshift jobs/)]);
  });

  test('a variable that is no URL', async () => {
    const { code, stderr } = await nightshift(['push', '.'], { NIGHTSHIFT_URL: 'nowhere' });
    expect(code).toBe(2);
    expect(stderr).toContain("from env 'NIGHTSHIFT_URL' is invalid");
  });

  test('a folder that the compiler did not write', async () => {
    const folder = await folderOf({ 'package.json': '{}' });
    const { code, stdout, stderr } = await nightshift(['push', folder]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `✗ COMPILER_OUTPUT: zkir/: there is no ZKIR in ${folder}. Name the folder that the Compact compiler wrote to.\n`,
    );
  });
});
