import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { type UploadView, uploadForm } from '../../core/api/uploads.ts';
import { json } from '../../core/http/answers.ts';
import { jsonBodyOf } from '../../core/http/event.ts';
import { objectOf, uploadUrl } from '../../core/store/objects.ts';

/** `POST /v1/uploads`: where to put a file that is too large for a request. S3 takes it only if it has that hash and size. */
export async function createUpload(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const { sha256, bytes } = jsonBodyOf(uploadForm, event);
  const view: UploadView = { sha256, ...(await uploadUrl(objectOf.upload(sha256), { sha256, bytes })) };
  return json(201, view);
}
