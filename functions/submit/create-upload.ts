import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { z } from 'zod';
import { sha256Hex } from '../../core/artifacts/artifact.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { MAX_UPLOAD_BYTES } from '../../core/limits.ts';
import { objectOf, uploadUrl } from '../../core/store/objects.ts';

const uploadForm = z.strictObject({ sha256: sha256Hex, bytes: z.int().min(1).max(MAX_UPLOAD_BYTES) });

/** `POST /v1/uploads`: where to put a file that is too large for a request. S3 takes it only if it has that hash and size. */
export async function createUpload(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { sha256, bytes } = jsonBodyOf(uploadForm, event);
  return json(201, { sha256, ...(await uploadUrl(objectOf.upload(sha256), { sha256, bytes })) });
}
