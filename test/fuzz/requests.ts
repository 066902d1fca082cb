/** Requests to every decoder, as recipes: which seed, and what is done to it. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { damage, type Edit, edits } from './edits.ts';
import type { FormField, Seed } from './seeds.ts';

/** As a client sends it; `query` is already parsed. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Uint8Array;
}

interface PostRecipe {
  seed: number;
  /** The decoder that it is sent to; that of the seed if there is none. */
  path: string | undefined;
  edits: Edit[];
  /** What becomes of the fields of a JSON form. */
  fields: Record<string, unknown>;
  /** Damage to the text of a JSON form. */
  textEdits: Edit[];
  packing: { damaged: Edit[] } | 'gzip' | 'only said' | 'none';
  headers: Record<string, string>;
}
interface GetRecipe {
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
}
export type Recipe = PostRecipe | GetRecipe;

const often = <T>(usual: T, seldom: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: seldom });

const headers = fc.record(
  {
    'content-type': fc.oneof(
      fc.constantFrom('application/octet-stream', 'application/json', 'application/json; charset=utf-8', 'text/plain'),
      fc.string(),
    ),
    accept: fc.oneof(fc.constantFrom('*/*', 'application/json'), fc.string()),
    'accept-encoding': fc.oneof(fc.constantFrom('gzip', 'identity', 'br', '*;q=0', 'gzip;q=nothing'), fc.string()),
    'content-encoding': fc.oneof(fc.constantFrom('identity', 'br', 'GZIP'), fc.string()),
    origin: fc.oneof(fc.webUrl(), fc.string()),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>;

const odd = fc.oneof(
  fc.constantFrom('', ' ', '-1', '0', '00', '0x0a', '1e1', '1.5', 'NaN', 'Infinity', '9'.repeat(400)),
  fc.constantFrom('6', '13', '14', '25', '26', '255', '256'),
  fc.constantFrom('__proto__', 'constructor', '%', '%00', '%2f', '%E0%A4%A', '..', 'null'),
  fc.string({ unit: 'binary' }),
  fc.uuid(),
);

const PATHS = ['/fetch-params/', '/v1/jobs/', '/v1/contracts/'];
const asked: fc.Arbitrary<GetRecipe> = fc.record({
  path: fc.tuple(fc.constantFrom(...PATHS), odd, fc.constantFrom('', '', '/proof', '/')).map((parts) => parts.join('')),
  query: fc.oneof(fc.record({ wait: odd }), fc.record({ wait: odd, id: odd }), fc.dictionary(odd, odd, { maxKeys: 3 })),
  headers,
});

const FIELDS = [
  'witness',
  'circuit_id',
  'preimage',
  'transaction',
  'options',
  'circuit',
  'contract',
  'bindingInput',
  'circuits',
  'proof',
  'statement',
  'items',
  'sha256',
  '__proto__',
];
const fields = fc.dictionary(
  fc.constantFrom(...FIELDS),
  fc.oneof(
    odd,
    fc.jsonValue(),
    fc.constantFrom(undefined, '9'.repeat(80), 'midnight/dust/spend', 'midnight/zswap/sign'),
  ),
  { maxKeys: 2 },
);

/** Contracts that are not registered, or that are none. */
const OTHER_CONTRACTS = ['0'.repeat(64), `dev-${'0'.repeat(64)}`, '__proto__', '%00'];
const OTHER_DECODERS = OTHER_CONTRACTS.flatMap((id) =>
  ['prove', 'check', 'k'].map((endpoint) => `/contracts/${id}/${endpoint}`),
);

const posted = (seed: fc.Arbitrary<number>, decoders: string[]): fc.Arbitrary<PostRecipe> =>
  fc.record({
    seed,
    path: often<string | undefined>(undefined, fc.constantFrom(...decoders)),
    edits,
    fields: fc.oneof(fields, fc.constant({})),
    textEdits: often<Edit[]>([], edits),
    packing: often<PostRecipe['packing']>(
      'none',
      fc.oneof(fc.constant('gzip' as const), fc.constant('only said' as const), fc.record({ damaged: edits })),
    ),
    headers: often({}, headers),
  });

/** Recipes for those seeds, the slow ones seldom. */
export function recipesFor(seeds: readonly Seed[]): fc.Arbitrary<Recipe> {
  const indexes = (slow: boolean) => seeds.flatMap((seed, index) => ((seed.slow ?? false) === slow ? [index] : []));
  const decoders = [...new Set([...seeds.map(({ path }) => path), ...OTHER_DECODERS])];
  return fc.oneof(
    { weight: 28, arbitrary: posted(fc.constantFrom(...indexes(false)), decoders) },
    { weight: 1, arbitrary: posted(fc.constantFrom(...indexes(true)), decoders) },
    { weight: 3, arbitrary: asked },
  );
}

/** The request that a recipe for those seeds stands for. */
export function requestOf(recipe: Recipe, seeds: readonly Seed[]): HttpRequest {
  if (!('seed' in recipe)) return { method: 'GET', ...recipe, body: Buffer.alloc(0) };
  const seed = seeds[recipe.seed] as Seed;
  const isForm = !(seed.body instanceof Uint8Array);
  const packed = pack(bodyOf(seed, recipe, seeds), recipe.packing);
  return {
    method: 'POST',
    path: recipe.path ?? seed.path,
    query: {},
    headers: { ...(isForm && { 'content-type': 'application/json' }), ...packed.headers, ...recipe.headers },
    body: packed.body,
  };
}

function bodyOf({ body }: Seed, { edits, fields, textEdits }: PostRecipe, seeds: readonly Seed[]): Buffer {
  const donors = seeds.flatMap((seed) => (seed.body instanceof Uint8Array && !seed.slow ? [seed.body] : []));
  if (body instanceof Uint8Array) return damage(body, edits, donors);
  const travelling = (field: FormField): unknown => {
    if (field instanceof Uint8Array) return damage(field, edits, donors).toString('base64');
    if (Array.isArray(field)) return field.map(travelling);
    if (typeof field !== 'object') return field;
    return Object.fromEntries(Object.entries(field).map(([name, value]) => [name, travelling(value)]));
  };
  const form = travelling(body) as Record<string, unknown>;
  return damage(Buffer.from(JSON.stringify({ ...form, ...fields })), textEdits, donors);
}

function pack(body: Buffer, packing: PostRecipe['packing']): { body: Buffer; headers: Record<string, string> } {
  if (packing === 'none') return { body, headers: {} };
  const headers = { 'content-encoding': 'gzip' };
  if (packing === 'only said') return { body, headers };
  const packed = gzipSync(body);
  return { body: packing === 'gzip' ? packed : damage(packed, packing.damaged, []), headers };
}
