import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Caller } from '../../core/access/caller.ts';
import type { Info } from '../../core/api/info.ts';
import { allowsDevelopmentParameters } from '../../core/config.ts';
import { json, text } from '../../core/http/answers.ts';
import { asksForJson } from '../../core/http/event.ts';
import { LARGEST_K } from '../../core/lanes.ts';
import { MAX_BODY_BYTES } from '../../core/limits.ts';
import { PROOF_VERSIONS, VERSION, WIRE_VERSION, ZKIR_VERSIONS } from '../../core/version.ts';

/** `GET /version`: the version of the reference server that this one is compatible with. */
export const version = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  asksForJson(event) ? json(200, { version: WIRE_VERSION, build: 'release' }) : text(200, WIRE_VERSION);

/** `GET /proof-versions` */
export const proofVersions = async (event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> =>
  asksForJson(event)
    ? json(200, { supported_versions: PROOF_VERSIONS, current: PROOF_VERSIONS.at(-1) })
    : text(200, JSON.stringify(PROOF_VERSIONS));

/** `GET /v1/info`: what this server is, and what it takes. */
export async function info(_: APIGatewayProxyEvent, { tenant }: Caller): Promise<APIGatewayProxyResult> {
  const view: Info = {
    name: 'nightshift',
    version: VERSION,
    tenant,
    compatibleWith: { 'midnight-proof-server': WIRE_VERSION },
    proofVersions: PROOF_VERSIONS,
    zkirVersions: ZKIR_VERSIONS,
    largestK: LARGEST_K,
    maxBodyBytes: MAX_BODY_BYTES,
    developmentParameters: allowsDevelopmentParameters(),
  };
  return json(200, view);
}
