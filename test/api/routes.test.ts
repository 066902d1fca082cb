/** What is described, what the functions answer and what is passed on to them are the same operations. */
import { App, Stack } from 'aws-cdk-lib';
import { AuthorizationType, type CfnMethod, type Method, MockIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { expect, test, vi } from 'vitest';
import { openApiDocument } from '../../core/api/openapi.ts';
import type { httpHandler } from '../../core/http/http-handler.ts';
import { addRoutes } from '../../infra/routes.ts';
import { namesOf, operationsOf } from './document.ts';

type Routes = Parameters<typeof httpHandler>[1];

// A function's handler does not tell what it was made of.
vi.mock('../../core/http/http-handler.ts', () => ({ httpHandler: (_: unknown, routes: Routes) => routes }));

const FUNCTIONS = {
  submit: (await import('../../functions/submit/index.ts')).handler as unknown as Routes,
  status: (await import('../../functions/status/index.ts')).handler as unknown as Routes,
};

const described = operationsOf(openApiDocument());
const answeredBy = (name: keyof typeof FUNCTIONS) => FUNCTIONS[name].filter(({ path }) => path.startsWith('/v1/'));

test('the functions answer what is described, and nothing else under /v1', () => {
  expect(namesOf([...answeredBy('submit'), ...answeredBy('status')])).toEqual(namesOf(described));
});

interface Passed {
  to: string;
  method: Method;
}

/** Whether it is passed on without an API key. */
const isPublic = ({ method }: Passed) =>
  (method.node.defaultChild as CfnMethod).authorizationType === AuthorizationType.NONE;

/** Which function API Gateway passes an operation on to, as `METHOD /path`; ANY where it has no route of its own. */
function passedOn(): Map<string, Passed> {
  const passed = new Map<string, Passed>();
  class To extends MockIntegration {
    readonly #name: string;
    constructor(name: string) {
      super();
      this.#name = name;
    }
    override bind(method: Method) {
      passed.set(`${method.httpMethod} ${method.resource.path}`, { to: this.#name, method });
      return super.bind(method);
    }
  }
  const authorizer = { authorizerId: 'authorizer', authorizationType: AuthorizationType.CUSTOM };
  const functions = { submit: new To('submit'), status: new To('status') };
  addRoutes(new RestApi(new Stack(new App()), 'Api').root, { ...functions, authorizer });
  return passed;
}

test.each(['submit', 'status'] as const)('API Gateway passes on to %s what that one answers', (name) => {
  const passed = passedOn();
  const receiver = (method: string, path: string) =>
    passed.get(`${method} ${path}`) ?? passed.get(`ANY ${path}`) ?? passed.get('ANY /{proxy+}');
  for (const { method, path } of answeredBy(name)) expect(receiver(method, path)?.to, `${method} ${path}`).toBe(name);
});

test('without an API key API Gateway passes on preflights and what the functions answer to everybody, and nothing else', () => {
  const passed = [...passedOn()].filter(([name, route]) => isPublic(route) && !name.startsWith('OPTIONS '));
  const answered = Object.values(FUNCTIONS)
    .flat()
    .filter(({ scope }) => scope === 'public');
  expect(passed.map(([name]) => name).toSorted()).toEqual(namesOf(answered));
  const preflights = [...passedOn()].filter(([name]) => name.startsWith('OPTIONS '));
  const resources = new Set([...passedOn().keys()].map((route) => route.split(' ')[1]));
  expect(preflights).toHaveLength(resources.size);
  expect(preflights.every(([, route]) => isPublic(route))).toBe(true);
});

test('paths with parameters are resources of their own, so that logs and throttles tell them apart', () => {
  const resources = [...passedOn().keys()].map((route) => route.split(' ')[1]);
  const parametrized = described.map(({ path }) => path).filter((path) => path.includes('{'));
  expect(resources).toEqual(expect.arrayContaining(parametrized));
});

test('API Gateway knows no path below /v1 that is not described', () => {
  const known = [...passedOn().keys()].flatMap((route) => route.match(/ (\/v1\/.+)/)?.[1] ?? []);
  expect(described.map(({ path }) => path)).toEqual(expect.arrayContaining(known));
});
