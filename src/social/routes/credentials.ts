/** What sign-up and log-in take. */
import { z } from 'zod';

export const credentials = z.object({
  username: z
    .string()
    .regex(/^[A-Za-z0-9_.]{3,30}$/, 'must be 3 to 30 of letters, digits, dot and underscore')
    .describe('Unique in whatever case'),
  password: z.string().min(8).max(200),
});
