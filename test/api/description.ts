/** Answers, held against an OpenAPI document. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EXPOSED } from '../../core/http/cors.ts';
import { type OpenApi, type Operation, operationsOf } from './document.ts';

/** Headers that an answer has only if they are described. */
const OF_INTEREST = EXPOSED.toLowerCase().split(', ');

/** Names what is described there by its place in the document: a JSON pointer in parts. */
type Pointer = string[];

/** What answers have to be. */
export class Description {
  readonly #document: OpenApi;
  readonly #operations: Operation[];
  /** Formats are annotations, since patterns say the same. */
  readonly #json = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  /** What is no text in a schema is text in a header. */
  readonly #text = new Ajv2020({ strict: false, coerceTypes: true });

  constructor(document: OpenApi) {
    this.#document = closed(document);
    this.#operations = operationsOf(document);
    for (const ajv of [this.#json, this.#text]) ajv.addSchema(this.#document, 'openapi');
  }

  operationOf(method: string, path: string): Operation | undefined {
    const [asked = ''] = path.split('?');
    const isAsked = (template: string) =>
      new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(asked);
    return this.#operations.find((known) => known.method === method && isAsked(known.path));
  }

  /** What is wrong with an answer. */
  objectionsTo({ pointer }: Operation, { status, headers }: Response, text: string): string[] {
    const answer = [...pointer, 'responses', String(status)];
    if (!this.#at(answer)) return [`status ${status} is not described`];
    return [...this.#headerObjections(answer, headers), ...this.#bodyObjections(answer, headers, text)];
  }

  #headerObjections(answer: Pointer, headers: Headers): string[] {
    const described = Object.keys(this.#at([...answer, 'headers']) ?? {});
    const undescribed = OF_INTEREST.filter(
      (name) => headers.has(name) && !described.some((known) => known.toLowerCase() === name),
    );
    return [
      ...undescribed.map((name) => `header ${name} is not described`),
      ...described.flatMap((name) => {
        const header = this.#resolved([...answer, 'headers', name]);
        const value = headers.get(name);
        if (value !== null)
          return this.#invalid(this.#text, [...header, 'schema'], value).map((why) => `header ${name} ${why}`);
        return this.#at([...header, 'required']) ? [`header ${name} is missing`] : [];
      }),
    ];
  }

  #bodyObjections(answer: Pointer, headers: Headers, text: string): string[] {
    const [type = ''] = (headers.get('content-type') ?? '').split(';');
    const content = [...answer, 'content', type];
    if (!this.#at(content)) return [`content type ${type || 'none'} is not described`];
    const schema = [...content, 'schema'];
    if (!this.#at(schema)) return [];
    return this.#invalid(this.#json, schema, type.endsWith('json') ? JSON.parse(text) : text).map(
      (why) => `body ${why}`,
    );
  }

  #invalid(ajv: Ajv2020, schema: Pointer, value: unknown): string[] {
    const validate = ajv.getSchema(`openapi#/${schema.map(escaped).join('/')}`);
    if (!validate) throw new Error(`There is no schema at ${schema.join(' ')}.`);
    validate(value);
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
    );
  }

  #at(pointer: Pointer): unknown {
    return pointer.reduce<unknown>(
      (value, part) => (value as Record<string, unknown> | undefined)?.[part],
      this.#document,
    );
  }

  /** Where it leads, if there is a reference. */
  #resolved(pointer: Pointer): Pointer {
    const reference = this.#at([...pointer, '$ref']);
    return typeof reference === 'string' ? reference.replace('#/', '').split('/') : pointer;
  }
}

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

/** The document with every object closed: clients are to bear more fields, but each that there is has to be described. */
const closed = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value), (_, part) =>
    isObjectSchema(part) ? { additionalProperties: false, ...part } : part,
  );

const isObjectSchema = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && 'properties' in part && 'type' in part && part.type === 'object';
