/** Files that are too large for a request. */
import * as z from 'zod';
import { sha256Hex } from '../artifacts/artifact.ts';
import { MAX_UPLOAD_BYTES } from '../limits.ts';

export const uploadForm = z
  .strictObject({
    sha256: sha256Hex,
    bytes: z.int().min(1).max(MAX_UPLOAD_BYTES).meta({ description: 'Size of the file' }),
  })
  .meta({ id: 'UploadForm' });
export type UploadForm = z.infer<typeof uploadForm>;

/** A request to make with the file as its body. S3 refuses any other file. */
export const uploadView = z
  .object({
    sha256: sha256Hex,
    url: z.url().meta({ description: 'Lets in whoever has it, for this one file' }),
    method: z.literal('PUT'),
    headers: z.record(z.string(), z.string()).meta({ description: 'To be sent with the file' }),
    expiresAt: z.iso.datetime().meta({ description: 'When the URL stops working' }),
  })
  .meta({ id: 'Upload', description: 'The request that puts the file there. Any other file is refused' });
export type UploadView = z.infer<typeof uploadView>;
