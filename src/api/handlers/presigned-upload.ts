/** POST /v1/uploads/presigned: a door into the bucket for one file; then its key is handed over. */
import { z } from 'zod';
import { route } from '../../http/route.ts';
import { acceptedSchema, wishes } from '../media-schemas.ts';
import type { MediaDeps } from './media-routes.ts';

const presignedSchema = z
  .object({
    method: z.literal('PUT'),
    url: z.string(),
    headers: z.record(z.string(), z.string()).describe('Send them along as they are.'),
    key: z.string().describe('To be handed over when the file has arrived.'),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'PresignedUpload' });

export function presignUpload({ uploads }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/uploads/presigned',
    tag: 'Media',
    summary: 'Send a file straight to the bucket; only where files are kept in one',
    access: 'user',
    tenant: 'own',
    body: z
      .strictObject({
        bytes: z.int().min(1).describe('Of the file, exactly; the bucket takes no other.'),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/i)
          .optional()
          .describe('Of the file, hex. What arrives otherwise fails with `checksum_mismatch`.'),
        metadata: z.record(z.string(), z.json()).optional().describe('Echoed in answers.'),
        ...wishes,
      })
      .meta({ id: 'NewPresignedUpload' }),
    answer: { status: 201, description: 'PUT the file there, then hand its key over.', schema: presignedSchema },
    async handle({ body, userId, actor }) {
      const upload = { ...body, sha256: body.sha256?.toLowerCase(), ownerId: userId, tenant: actor.tenant };
      const { expiresAt, ...door } = await uploads.presign(upload);
      return { body: { ...door, expiresAt: expiresAt.toISOString() } };
    },
  });
}

export function finishPresigned({ uploads }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/uploads/presigned/finish',
    tag: 'Media',
    summary: 'Hand over what was sent straight to the bucket',
    access: 'user',
    tenant: 'own',
    body: z.strictObject({ key: z.string().max(500) }).meta({ id: 'FinishedPresignedUpload' }),
    answer: { status: 202, description: 'The same media however often it is asked for.', schema: acceptedSchema },
    async handle({ body, userId, actor }) {
      const accepted = await uploads.handOver(body.key, { ownerId: userId, tenant: actor.tenant });
      return { body: accepted, headers: { location: `/v1/media/${accepted.id}` } };
    },
  });
}
