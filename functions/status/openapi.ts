import type { APIGatewayProxyResult } from 'aws-lambda';
import { json } from '../../core/http/answers.ts';
import document from '../../docs/openapi.json' with { type: 'json' };

/** `GET /v1/openapi.json`: what can be asked under `/v1`, in OpenAPI's terms. */
export const openapi = async (): Promise<APIGatewayProxyResult> => json(200, document);
