/** Versions, clocks, keys, and what lies between here and the deployment. */
import { lacksScope, OF_OTHER_ORIGINS } from '../../core/access/refusals.ts';
import type { Info } from '../../core/api/info.ts';
import { VERSION } from '../../core/version.ts';
import type { Deployment } from '../deployment.ts';
import { durationOf, sizeOf } from '../print.ts';
import { isNotLetIn } from './address.ts';
import { ask, findingIn, type Heard, isRefusedAs, reasonIn } from './ask.ts';
import { bad, type Finding, good } from './finding.ts';

/** Before 1.0 the second number is what changes when requests or answers do. */
const seriesOf = (version: string): string => version.split('.').slice(0, 2).join('.');

export function lookAtVersion({ version }: Info): Finding {
  const check = 'version';
  if (seriesOf(version) === seriesOf(VERSION)) return good(check, `${VERSION} here, ${version} there`);
  return bad(check, `${VERSION} here, ${version} there`, 'Update the older one: requests and answers may differ.');
}

const LARGEST_DRIFT_MS = 30_000;

export function lookAtClock({ headers, at }: Heard): Finding {
  const check = 'clock';
  const date = Date.parse(headers.get('date') ?? '');
  if (Number.isNaN(date)) return good(check, 'the server does not tell the time');
  const drift = at - date;
  const found = `${durationOf(Math.abs(drift))} ${drift < 0 ? 'behind' : 'ahead of'} the server's`;
  if (Math.abs(drift) <= LARGEST_DRIFT_MS) return good(check, found);
  return bad(check, found, 'Set this clock by the network: signed addresses for uploads stop working.');
}

const THIS_MACHINE = /^(?:(?:.*\.)?localhost|127(?:\.\d+){3}|\[::1\])$/;

export function lookAtTransport({ url }: Deployment): Finding {
  const check = 'transport';
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:') return good(check, 'TLS');
  if (THIS_MACHINE.test(hostname)) return good(check, 'does not leave this machine');
  return bad(check, 'no TLS: whoever listens in reads keys and witnesses', 'Use an https:// address.');
}

/** @param heard the answer of `/v1/info`, which is for every secret key, whatever its scopes are */
export function lookAtKey({ apiKey }: Deployment, heard: Heard): Finding {
  const check = 'API key';
  const isGiven = apiKey !== undefined;
  if (!isNotLetIn(heard)) return good(check, isGiven ? 'accepted' : 'none is needed');
  if (isRefusedAs(OF_OTHER_ORIGINS, heard)) {
    return good(check, 'accepted in pages of its origins only: to look further takes a secret key');
  }
  return isGiven
    ? bad(check, `not accepted: ${reasonIn(heard)}`, 'Correct NIGHTSHIFT_API_KEY, or ask for another key.')
    : bad(check, `one is needed: ${reasonIn(heard)}`, 'Set NIGHTSHIFT_API_KEY.');
}

/** Sends as much as the deployment says that it takes, as what is no ZKIR: it is refused at once, if it arrives. */
export function lookAtBodyLimit(deployment: Deployment, { maxBodyBytes }: Info, signal: AbortSignal): Promise<Finding> {
  const check = 'body limit';
  const found = `bodies of ${sizeOf(maxBodyBytes)}`;
  const advice = 'Raise the limit of the proxy or gateway before it; contracts that are pushed need no large bodies.';
  const asked = ask(deployment, '/k', { bytes: new Uint8Array(maxBodyBytes), signal });
  const judge = (heard: Heard) =>
    // Scopes are looked at behind all that limits bodies.
    heard.status === 400 || isRefusedAs(lacksScope('prove'), heard)
      ? good(check, `${found} arrive`)
      : bad(check, `${found} do not arrive: answered ${heard.status}`, advice);
  return findingIn(check, asked, judge, advice);
}
