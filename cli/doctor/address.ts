/** Whether Nightshift answers at the address, and if not, why, or who does. */
import { z } from 'zod';
import { type Info, infoView } from '../../core/api/info.ts';
import type { Deployment } from '../deployment.ts';
import { ask, type Heard, NoAnswer, parsed, reasonIn } from './ask.ts';
import { bad, type Finding, good } from './finding.ts';

const CHECK = 'address';

export interface Address {
  finding: Finding;
  /** What Nightshift says of itself; missing if it does not let us in. */
  info?: Info;
  /** The answer that it was in. */
  heard?: Heard;
}

export async function lookAtAddress(deployment: Deployment, signal: AbortSignal): Promise<Address> {
  const { url } = deployment;
  let heard: Heard;
  try {
    heard = await ask(deployment, '/v1/info', { signal });
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { finding: noAnswer(url, error) };
  }
  const info = parsed(infoView, heard);
  if (info) return { finding: good(CHECK, `Nightshift ${info.version} answers at ${url}`), info, heard };
  if (isWithoutStage(url) || isMissingStage(heard)) {
    const advice =
      'Use the address that npm run deploy printed, with its path (/prod), or the name of its own if it has one.';
    return { finding: bad(CHECK, `API Gateway answers at ${url}, and has nothing below that path`, advice) };
  }
  if (isNotLetIn(heard)) return { finding: good(CHECK, `${url} answers, and lets in by key only`), heard };
  return { finding: await otherServer(deployment, heard, signal) };
}

export const isNotLetIn = ({ status }: Heard): boolean => status === 401 || status === 403;

/** API Gateway's own names serve every stage below its path, and answer about keys, or anything, where there is none. */
function isWithoutStage(url: string): boolean {
  const { hostname, pathname } = new URL(url);
  return API_GATEWAY.test(hostname) && pathname === '/';
}

const API_GATEWAY = /\.execute-api\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/;

/** How API Gateway answers to a path that no stage has. */
const isMissingStage = ({ status, text }: Heard): boolean =>
  status === 403 && text.includes('Missing Authentication Token');

const NAME_ERRORS = ['ENOTFOUND', 'EAI_AGAIN'];
const TLS_ERROR = /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$)|_CERT|_CERTIFICATE|SELF_SIGNED/;

function noAnswer(url: string, { isLate, code = '', message }: NoAnswer): Finding {
  const { hostname, host } = new URL(url);
  if (isLate) return bad(CHECK, `${host} does not answer: ${message}`, 'Is a firewall or a VPN in the way?');
  if (NAME_ERRORS.includes(code)) {
    return bad(CHECK, `there is no host ${hostname} (${code})`, 'Correct --url, or look at the name server.');
  }
  if (TLS_ERROR.test(code)) {
    const advice = 'Correct the certificate, or name its authority in NODE_EXTRA_CA_CERTS; without TLS it is http://.';
    return bad(CHECK, `TLS with ${host} fails (${code})`, advice);
  }
  if (code === 'ECONNREFUSED') {
    return bad(CHECK, `nothing answers at ${host} (${code})`, 'Start it (npm start), or correct the port in --url.');
  }
  return bad(CHECK, `${host} can't be reached: ${message}`, 'Correct --url; is https:// or http:// right?');
}

const version = z.object({ version: z.string() });

/** A proof server of Midnight's tells its version: as text, or, the one for trusted execution environments, as JSON. */
async function otherServer(deployment: Deployment, info: Heard, signal: AbortSignal): Promise<Finding> {
  const { url } = deployment;
  const told = await ask(deployment, '/version', { signal }).catch(() => undefined);
  signal.throwIfAborted();
  if (told?.headers.has('x-nightshift-version')) {
    return bad(CHECK, `nightshift proxy answers at ${url}`, 'Name the deployment itself, and its key.');
  }
  const name = told?.status === 200 ? proofServer(told) : undefined;
  if (name === undefined) {
    return bad(CHECK, `what answers at ${url} is not Nightshift: ${reasonIn(info)}`, 'Correct --url, with its path.');
  }
  const advice = 'Wallets and dApps can use it as it is; these commands need the address of a Nightshift deployment.';
  return bad(CHECK, `${name} answers at ${url}, not Nightshift`, advice);
}

function proofServer(told: Heard): string | undefined {
  const asJson = parsed(version, told);
  if (asJson) return `Midnight's proof server for trusted execution environments, ${asJson.version},`;
  return /^\d+\.\d+\.\d+\S*$/.test(told.text.trim()) ? `midnight-proof-server ${told.text.trim()}` : undefined;
}
