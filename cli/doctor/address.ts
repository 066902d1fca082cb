/** Whether Nightshift answers at the address, and if not, why, or who does. */
import { z } from 'zod';
import { type Info, infoView } from '../../core/api/info.ts';
import type { Deployment } from '../deployment.ts';
import { ask, type Heard, parsed, reasonIn, TIMEOUT_MS } from './ask.ts';
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
    signal.throwIfAborted();
    return { finding: noAnswer(url, error as Error) };
  }
  const info = parsed(infoView, heard);
  if (info) return { finding: good(CHECK, `Nightshift ${info.version} answers at ${url}`), info, heard };
  if (isMissingStage(heard)) {
    return {
      finding: bad(
        CHECK,
        `API Gateway answers at ${url}, and has nothing below that path`,
        'Use the address that npm run deploy printed, with its path (/prod).',
      ),
    };
  }
  if (isNotLetIn(heard)) return { finding: good(CHECK, `${url} answers, and lets in by key only`), heard };
  return { finding: await otherServer(deployment, heard, signal) };
}

export const isNotLetIn = ({ status }: Heard): boolean => status === 401 || status === 403;

/** How API Gateway answers to a path that no stage has. */
const isMissingStage = ({ status, text }: Heard): boolean =>
  status === 403 && text.includes('Missing Authentication Token');

const NAME_ERRORS = ['ENOTFOUND', 'EAI_AGAIN'];
const TLS_ERROR = /^(?:CERT_|ERR_TLS_|ERR_SSL_|EPROTO$)|_CERT|_CERTIFICATE|SELF_SIGNED/;

function noAnswer(url: string, error: Error): Finding {
  const { hostname, host } = new URL(url);
  const { code = '', message } = (error.cause ?? error) as NodeJS.ErrnoException;
  if (error.name === 'TimeoutError') {
    return bad(CHECK, `${host} does not answer within ${TIMEOUT_MS / 1000} s`, 'Is a firewall or a VPN in the way?');
  }
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
  return bad(CHECK, `${host} can't be reached: ${message || code}`, 'Correct --url; is https:// or http:// right?');
}

const version = z.object({ version: z.string() });

/** A proof server of Midnight's tells its version: as text, or, the one for trusted execution environments, as JSON. */
async function otherServer(deployment: Deployment, info: Heard, signal: AbortSignal): Promise<Finding> {
  const { url } = deployment;
  const told = await ask(deployment, '/version', { signal }).catch(() => undefined);
  signal.throwIfAborted();
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
