/** The address of the local stack, in place of API Gateway's: decides what passes, and ends without cutting anyone off. */
import { once } from 'node:events';
import { Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { API_KEY_HEADER } from '../../core/access/header.ts';
import type { NightshiftError } from '../../core/errors.ts';
import { unavailable } from '../../core/http/gateway-refusals.ts';
import { API_PAYLOAD_BYTES, API_TIMEOUT_SECONDS } from '../../core/limits.ts';
import { inUrl, LOOPBACK } from '../address.ts';
import { objectionTo } from './access.ts';
import { createFront, type FrontOptions } from './front.ts';
import { rateLimitOf } from './rate-limit.ts';
import { refuse } from './refusal.ts';
import { requestLine } from './request-log.ts';
import { passOn, type Upstream } from './upstream.ts';

export interface Gateway {
  url: string;
  /** From now on whoever brings new work is told to come back later; questions are answered as before. */
  refuseWork(): void;
  /** Ends; whoever still waits for an answer gets 503. */
  close(): Promise<void>;
}

export interface GatewayOptions extends FrontOptions {
  /** The address that it listens on. */
  host?: string;
  /** 0: any free one. */
  port: number;
  /** The emulated API with its stage; a request's path is appended. */
  upstream: string;
  /** Takes the place of whatever API key a request has: none are asked for. Without it they are. */
  apiKey?: string;
  timeoutMs?: number;
  /** Largest body, in bytes, where that is less than what a function takes. */
  maxPayloadBytes?: number;
  /** Requests without an API key per second from one client address; no limit if not given. */
  rateLimit?: number;
  /** Whose pages may use `/v1` without an API key as well, exactly as browsers write them: `https://dapp.example`. */
  allowedOrigins?: readonly string[];
  /** Is given a line per request. */
  log?: (line: string) => void;
}

/** How long a job's end may take to reach who waits for it: a function looks every half second. */
const LAST_ANSWERS_MS = 1_000;
const ENDING = unavailable('The server is being stopped. Ask again once it has been started.');

export async function startGateway({
  host = LOOPBACK,
  port,
  upstream,
  apiKey,
  timeoutMs = API_TIMEOUT_SECONDS * 1000,
  maxPayloadBytes = API_PAYLOAD_BYTES,
  rateLimit,
  allowedOrigins = [],
  log,
  ...front
}: GatewayOptions): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true });
  const target: Upstream = { agent, address: upstream, apiKey, timeoutMs, maxPayloadBytes };
  const overLimit = rateLimit === undefined ? undefined : rateLimitOf(rateLimit);
  /** Requests under way, each with a promise of its end. */
  const underWay = new Map<ServerResponse, Promise<void>>();
  let takesWork = true;
  // Whoever has a key may ask from anywhere; who has none may ask for little.
  const asksForKeys = apiKey === undefined;
  const isLimited = ({ headers }: IncomingMessage) => !asksForKeys || headers[API_KEY_HEADER] === undefined;

  const answerTo = async (incoming: IncomingMessage, answer: ServerResponse): Promise<NightshiftError | undefined> =>
    (asksForKeys ? undefined : objectionTo(incoming, allowedOrigins)) ??
    (isLimited(incoming) ? await overLimit?.(incoming) : undefined) ??
    (takesWork || incoming.method !== 'POST' ? passOn(incoming, answer, target) : ENDING);

  const server = createFront((incoming, answer) => {
    const begun = performance.now();
    const over = new Promise<void>((resolve) => answer.on('close', resolve)).then(() => {
      underWay.delete(answer);
      log?.(requestLine(answer, performance.now() - begun));
    });
    underWay.set(answer, over);
    answerTo(incoming, answer).then(
      (refusal) => refusal && refuse(answer, refusal),
      () => answer.destroy(),
    );
  }, front);
  await once(server.listen(port, host), 'listening');
  const address = server.address() as AddressInfo;

  const untilAnswered = () =>
    Promise.race([Promise.all(underWay.values()), delay(LAST_ANSWERS_MS, undefined, { ref: false })]);

  return {
    url: `${front.certificate ? 'https' : 'http'}://${inUrl(host)}:${address.port}`,
    refuseWork() {
      takesWork = false;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      await untilAnswered();
      for (const answer of underWay.keys()) refuse(answer, ENDING);
      await untilAnswered();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}
