/** The shapes of media on the wire, shared by the media routes and OpenAPI. */
import { z } from 'zod';
import { filterNames, maxAltText, maxFilters } from '../contract/index.ts';
import { idSchema } from '../http/page.ts';

export const acceptedSchema = z
  .object({ id: idSchema.describe('Of the media.'), jobId: idSchema.describe('Of the job that processes it.') })
  .meta({ id: 'AcceptedMedia' });

const renditionSchema = z
  .object({
    name: z.string(),
    format: z.enum(['webp', 'jpeg', 'avif', 'png', 'mp4']),
    width: z.int(),
    height: z.int(),
    bytes: z.int(),
    crop: z.literal('square').optional().describe('Absent: the whole picture.'),
    filter: z.enum(filterNames).optional().describe('Absent: as it came.'),
    frames: z.int().optional().describe('Of what moves; absent: one.'),
    url: z.string(),
  })
  .meta({ id: 'Rendition' });

const altTextIs = `must have 1 to ${maxAltText} characters`;
export const altTextSchema = z
  .string()
  .min(1, altTextIs)
  .max(maxAltText, altTextIs)
  .describe('For those who can not see it.');

export const filtersSchema = z.array(z.enum(filterNames)).min(1).max(maxFilters);

/** What a new photo or video gets with its upload, in JSON. */
export const wishes = {
  altText: altTextSchema.optional(),
  filters: filtersSchema.optional().describe('Looks in which a photo is made as well; for videos they mean nothing.'),
};

/** Filters where there are texts only: names with commas between them. */
export const filtersText = z.string().transform((text, context) => {
  const parsed = filtersSchema.safeParse(text.split(',').map((name) => name.trim()));
  if (parsed.success) return parsed.data;
  context.addIssue(`must be up to ${maxFilters} of ${filterNames.join(', ')}, with commas between them`);
  return z.NEVER;
});

const videoSchema = z
  .object({
    durationMs: z.int(),
    poster: z.string(),
    hls: z.string().optional().describe('Master playlist; missing, like what follows, while it is not made yet.'),
    dash: z.string().optional().describe('Manifest over the same segments.'),
    mp4: z.string().optional().describe('The largest rung as one file.'),
    storyboard: z.string().optional().describe('WebVTT with a picture for every few seconds.'),
    rungs: z
      .array(z.object({ name: z.string(), width: z.int(), height: z.int(), bitrate: z.int() }))
      .describe('The smallest first; bits per second.'),
    encoding: z
      .array(z.object({ name: z.string(), percent: z.int() }))
      .optional()
      .describe('While a video is processed that can be watched in part: how much of each rung is encoded.'),
    subtitles: z.array(z.object({ language: z.string(), url: z.string() })).describe('WebVTT.'),
    whyNotStandard: z.array(z.string()).describe('Why players could not be given the upload as it is.'),
  })
  .meta({ id: 'Video' });

export const mediaSchema = z
  .object({
    id: idSchema,
    ownerId: z.string(),
    kind: z.enum(['image', 'video']).nullable().describe('Null until the bytes of one by URL or key have come.'),
    state: z.enum(['processing', 'ready', 'failed']),
    jobId: idSchema,
    original: z.object({
      contentType: z.string().nullable(),
      bytes: z.int().nullable(),
      width: z.int().nullable().describe('Upright, pixels; null until it was decoded.'),
      height: z.int().nullable(),
      sha256: z.string().nullable(),
    }),
    placeholder: z.string().nullable().describe('Thumbhash, base64.'),
    dominantColour: z.string().nullable().describe('`#rrggbb`'),
    perceptualHash: z
      .string()
      .nullable()
      .describe('PDQ, 64 hexadecimal digits; null where there is too little to see.'),
    altText: z.string().nullable().describe('For those who can not see it.'),
    renditions: z.array(renditionSchema).describe('Plain ones first; of each kind the largest first.'),
    video: videoSchema.optional(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
  })
  .meta({ id: 'Media' });
