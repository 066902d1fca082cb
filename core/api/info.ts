/** What a deployment says of itself. */
import * as z from 'zod';

export const infoView = z
  .object({
    name: z.literal('nightshift'),
    version: z.string(),
    tenant: z.string().meta({ description: 'Whose the API key is' }),
    compatibleWith: z
      .object({ 'midnight-proof-server': z.string() })
      .meta({ description: 'Whose endpoints it also answers, in which version' }),
    proofVersions: z.array(z.string()),
    zkirVersions: z.array(z.string()),
    largestK: z.int().meta({ description: 'No larger circuit is taken' }),
    maxBodyBytes: z.int().meta({ description: 'Largest body of a request, as it is sent' }),
    developmentParameters: z.boolean().meta({ description: 'Whether it takes insecure development parameters' }),
  })
  .meta({ id: 'Info' });
export type Info = z.infer<typeof infoView>;
