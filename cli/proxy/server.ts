/** `nightshift proxy` as a server: the compatible wire on this machine, the jobs API of a deployment behind it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { corsHeaders, preflightHeaders } from '../../core/http/cors.ts';
import { unavailable } from '../../core/http/gateway-refusals.ts';
import { unpacked } from '../../core/http/unpacked.ts';
import { kindOf } from '../../core/jobs/tagged-body.ts';
import { MAX_BODY_BYTES, MAX_UNPACKED_BYTES } from '../../core/limits.ts';
import { objectionToSpending } from '../../local/gateway/access.ts';
import { readBody } from '../../local/gateway/read-body.ts';
import { refuse } from '../../local/gateway/refusal.ts';
import { clientOf, type Deployment } from '../deployment.ts';
import { answerByJob } from './by-job.ts';
import { passOn } from './pass-on.ts';
import { NOT_FOUND, type Reply, refusal, TOO_LARGE } from './reply.ts';
import { requestLine } from './request-line.ts';
import { type Route, routeOf } from './routes.ts';

export interface ProxyOptions {
  deployment: Deployment;
  /** 0: any free one. */
  port: number;
  /** Where circuits are looked up that are not built in, unless the path of a request names a contract. */
  contract?: string;
  /** Whose pages may ask beside those of this machine, exactly as browsers write them: `https://wallet.example`. */
  allowedOrigins?: readonly string[];
  /** Is given a line per request. */
  log: (line: string) => void;
}

export interface RunningProxy {
  url: string;
  /** Ends once what is open has been answered; when `hurry` aborts, open jobs are cancelled instead. */
  close(hurry: AbortSignal): Promise<void>;
}

const ENDING = unavailable('The proxy is being stopped. Ask again once it has been started.');

/** @throws the error of `listen` if the port can't be had. */
export async function startProxy({
  deployment,
  port,
  contract,
  allowedOrigins = [],
  log,
}: ProxyOptions): Promise<RunningProxy> {
  const nightshift = clientOf(deployment);
  const hurried = new AbortController();
  /** Requests under way, until all that they began is over. */
  const underWay = new Set<Promise<void>>();
  let takesRequests = true;

  const server = createServer((incoming, answer) => {
    const begun = performance.now();
    answer.on('close', () => log(requestLine(answer, performance.now() - begun)));
    if (!takesRequests) return refuse(answer, ENDING);
    const handled = respond(incoming, answer)
      .catch((error: Error) => {
        if (!incoming.socket.destroyed) log(`${error.stack}`);
        answer.destroy();
      })
      .finally(() => underWay.delete(handled));
    underWay.add(handled);
  });

  async function respond(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const hangUp = new AbortController();
    answer.on('close', () => hangUp.abort());
    const signal = AbortSignal.any([hangUp.signal, hurried.signal]);
    const objection = objectionToSpending(incoming, allowedOrigins);
    if (objection) return refuse(answer, objection);
    const reply = isPreflight(incoming)
      ? preflight(incoming)
      : await replyTo(incoming, answer, signal).catch((error) => (signal.aborted ? undefined : refusal(error)));
    if (!reply) return void answer.destroy();
    const { status, headers, body } = reply;
    // A client that is still sending hears the answer only after that.
    incoming.resume();
    answer.writeHead(status, { ...corsHeaders(incoming.headers.origin), ...headers }).end(body);
    if (!answer.closed) await once(answer, 'close');
  }

  async function replyTo(incoming: IncomingMessage, answer: ServerResponse, hangUp: AbortSignal): Promise<Reply> {
    const { method = '', url = '', headers } = incoming;
    const route = routeOf(method, url, contract);
    if (!route) return NOT_FOUND;
    const sent = await readBody(incoming, MAX_UNPACKED_BYTES);
    if (!sent) return TOO_LARGE;
    const body = bodyOfJob(route, sent, headers['content-encoding']);
    if (!body) return passOn(deployment, { method, target: route.target, headers, body: sent, hangUp });
    if (body.length > MAX_BODY_BYTES) return TOO_LARGE;
    const onJob = (id: string) => answer.setHeader('x-job-id', id);
    return answerByJob(nightshift, { body, contract: route.contract, hangUp, onJob });
  }

  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close(hurry) {
      takesRequests = false;
      const closed = once(server, 'close');
      server.close();
      const cutOff = () => hurried.abort();
      if (hurry.aborted) cutOff();
      hurry.addEventListener('abort', cutOff);
      await Promise.all(underWay);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What is to become a job. What is not of the endpoint's kind is passed on: it is refused there, in the right words. */
function bodyOfJob({ jobOf }: Route, sent: Buffer, encoding?: string): Buffer | undefined {
  if (!jobOf) return undefined;
  const body = unpacked(sent, encoding);
  return kindOf(body) === jobOf ? body : undefined;
}

const isPreflight = ({ method, headers }: IncomingMessage): boolean =>
  method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;

const preflight = ({ headers }: IncomingMessage): Reply => ({
  status: 200,
  headers: preflightHeaders(
    headers['access-control-request-headers'],
    headers['access-control-request-private-network'] === 'true',
  ),
});
