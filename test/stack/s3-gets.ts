import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { vi } from 'vitest';

/** The objects that were asked of S3 while `use` ran, in order. */
export async function s3Gets(use: () => Promise<unknown>): Promise<string[]> {
  const send = vi.spyOn(S3Client.prototype, 'send');
  await use();
  const commands = send.mock.calls.map(([command]) => command);
  send.mockRestore();
  return commands.flatMap((command) => (command instanceof GetObjectCommand ? [command.input.Key ?? ''] : []));
}
