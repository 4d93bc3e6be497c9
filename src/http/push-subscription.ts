/** What a browser tells of itself that wants to be notified. */
import { z } from 'zod';

/** As `PushSubscription.toJSON()` gives it; whether the endpoint may be called is for the guard of outgoing calls to say. */
export const pushSubscription = z.object({
  endpoint: z.string().max(2_000),
  keys: z.object({
    p256dh: z.string().regex(/^[A-Za-z0-9_-]{87}=?$/, 'must be a public key of P-256 in base64url'),
    auth: z.string().regex(/^[A-Za-z0-9_-]{22}(==)?$/, 'must be 16 bytes in base64url'),
  }),
});
