import type { APIGatewayProxyResult } from 'aws-lambda';
import type { SealingKeyView } from '../../core/api/sealing-key.ts';
import { json } from '../../core/http/answers.ts';
import { currentSealingKey, validUntil } from '../../core/sealing/sealing-keys.ts';
import { SUITE_NAME } from '../../core/sealing/suite.ts';

/** `GET /v1/sealing-key`: the key to seal witnesses with. */
export async function sealingKey(): Promise<APIGatewayProxyResult> {
  const key = await currentSealingKey();
  const view: SealingKeyView = {
    id: key.id,
    publicKey: Buffer.from(key.publicKey).toString('base64'),
    suite: SUITE_NAME,
    validUntil: validUntil(key).toISOString(),
  };
  return json(200, view);
}
