import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readCompilerOutput } from '../../cli/compiler-output.ts';
import { CliError, EXIT } from '../../cli/error.ts';
import { contractInfo, folderOf } from './compiled.ts';

const VERIFIER_KEYS = { verifierKeys: true, proverKeys: false };
const ALL_KEYS = { verifierKeys: true, proverKeys: true };

/** The names of the files that are read, by circuit. */
const namesOf = async (folder: string, wanted = VERIFIER_KEYS) =>
  Object.fromEntries(
    (await readCompilerOutput(folder, wanted)).map(({ name, ...files }) => [
      name,
      Object.values(files).flatMap((file) => file?.name ?? []),
    ]),
  );

describe('of what the compiler writes', () => {
  const whole = {
    'compiler/contract-info.json': contractInfo([
      { name: 'increment', pure: false, proof: true },
      { name: 'vote$reveal', pure: false, proof: true },
      { name: 'double', pure: true, proof: false },
    ]),
    'contract/index.js': 'export {}',
    'zkir/increment.zkir': '{}',
    'zkir/increment.bzkir': 'midnight:ir-source[v2]:',
    'zkir/vote$reveal.zkir': '{}',
    'zkir/.DS_Store': 'x',
    'keys/increment.verifier': 'v',
    'keys/increment.prover': 'prover',
    'keys/vote$reveal.verifier': 'v',
  };

  test('ZKIR is read, binary where there is both, and verifier keys', async () => {
    expect(await namesOf(await folderOf(whole))).toEqual({
      increment: ['zkir/increment.bzkir', 'keys/increment.verifier'],
      vote$reveal: ['zkir/vote$reveal.zkir', 'keys/vote$reveal.verifier'],
    });
  });

  test('prover keys are read where they are wanted', async () => {
    const folder = await folderOf(whole);
    const [increment, reveal] = await readCompilerOutput(folder, ALL_KEYS);
    expect(increment?.proverKey).toEqual({
      name: 'keys/increment.prover',
      path: join(folder, 'keys', 'increment.prover'),
      bytes: 6,
    });
    expect(reveal?.proverKey).toBeUndefined();
  });

  test('verifier keys are left alone where they are not wanted', async () => {
    const folder = await folderOf({ ...whole, 'keys/other.verifier': 'v' });
    expect(await namesOf(folder, { verifierKeys: false, proverKeys: false })).toMatchObject({
      increment: ['zkir/increment.bzkir'],
    });
  });

  test('ZKIR alone will do', async () => {
    expect(await namesOf(await folderOf({ 'zkir/increment.zkir': '{}' }))).toEqual({
      increment: ['zkir/increment.zkir'],
    });
  });

  test('contract-info.json of a compiler that does not tell which circuits need a proof is taken', async () => {
    const info = contractInfo([
      { name: 'increment', pure: false },
      { name: 'double', pure: true },
    ]);
    const folder = await folderOf({ 'contract-info.json': info, 'zkir/increment.zkir': '{}' });
    expect(await namesOf(folder)).toEqual({ increment: ['zkir/increment.zkir'] });
  });
});

describe('refused, and the file is named:', () => {
  const listing = (name: string, proof = true) => contractInfo([{ name, pure: false, proof }]);

  test.each([
    ['an empty folder', {}, /^zkir\/: there is no ZKIR in .*Name the folder that the Compact compiler wrote to/],
    ['no ZKIR', { 'zkir/increment.txt': 'x' }, /^zkir\/: there is no ZKIR/],
    ['empty ZKIR', { 'zkir/increment.zkir': '' }, /^zkir\/increment\.zkir: it is empty/],
    ['a name that is none', { 'zkir/a b.bzkir': 'x' }, /^zkir\/a b\.bzkir: circuits are named by Compact identifiers/],
    [
      'contract-info.json that is no JSON',
      { 'zkir/increment.zkir': 'x', 'compiler/contract-info.json': '{' },
      /^compiler\/contract-info\.json: it is not what the Compact compiler writes/,
    ],
    [
      'contract-info.json of another shape',
      { 'zkir/increment.zkir': 'x', 'contract-info.json': '{"circuits": {}}' },
      /^contract-info\.json: it is not what the Compact compiler writes/,
    ],
    [
      'a circuit that needs a proof and has no ZKIR',
      {
        'zkir/increment.zkir': 'x',
        'compiler/contract-info.json': contractInfo([
          { name: 'increment', pure: false, proof: true },
          { name: 'reset', pure: false, proof: true },
        ]),
      },
      /^zkir\/reset\.zkir: it is missing, and compiler\/contract-info\.json says that reset needs a proof/,
    ],
    [
      'ZKIR of a circuit that is not listed',
      { 'zkir/increment.zkir': 'x', 'zkir/old.bzkir': 'x', 'compiler/contract-info.json': listing('increment') },
      /^zkir\/old\.bzkir: compiler\/contract-info\.json lists no circuit old/,
    ],
    [
      'ZKIR of a circuit that needs no proof',
      { 'zkir/increment.zkir': 'x', 'compiler/contract-info.json': listing('increment', false) },
      /^zkir\/increment\.zkir: compiler\/contract-info\.json lists no circuit increment that needs a proof/,
    ],
    [
      'a verifier key without ZKIR',
      { 'zkir/increment.zkir': 'x', 'keys/old.verifier': 'v' },
      /^keys\/old\.verifier: there is no zkir\/old\.zkir for it/,
    ],
    [
      'an empty verifier key',
      { 'zkir/increment.zkir': 'x', 'keys/increment.verifier': '' },
      /^keys\/increment\.verifier: it is empty/,
    ],
    [
      'a prover key without its verifier key',
      { 'zkir/increment.zkir': 'x', 'keys/increment.prover': 'p' },
      /^keys\/increment\.prover: it is of no use without its verifier key, keys\/increment\.verifier/,
    ],
    [
      'no prover keys, which were asked for',
      { 'zkir/increment.zkir': 'x', 'keys/increment.verifier': 'v' },
      /^keys\/: there is no prover key in it/,
    ],
  ])('%s', async (_, files, reason) => {
    const error = await readCompilerOutput(await folderOf(files), ALL_KEYS).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(CliError);
    expect(error).toMatchObject({ code: 'COMPILER_OUTPUT', exitCode: EXIT.wrongUse });
    expect(error.message).toMatch(reason);
  });

  test('no folder, or a file in its place', async () => {
    const folder = await folderOf({ file: 'x' });
    for (const path of [join(folder, 'nowhere'), join(folder, 'file')]) {
      await expect(readCompilerOutput(path, VERIFIER_KEYS)).rejects.toThrow(`${path}: there is no such folder`);
    }
  });

  test('a folder where a file should be', async () => {
    const folder = await folderOf({ 'zkir/increment.zkir': 'x' });
    await mkdir(join(folder, 'contract-info.json'));
    await expect(readCompilerOutput(folder, VERIFIER_KEYS)).rejects.toThrow(/^contract-info\.json: it can't be read/);
  });
});
