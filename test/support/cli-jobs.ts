/** Job types for tests of the command line: one on each lane, beside those of the platform. */
import { z } from 'zod';
import { platformJobs } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import type { PlatformServices } from '../../jobs/services.ts';
import { defineJob, defineSchedule, type JobContext } from '../../src/contract/index.ts';
import type { TwolaneOptions } from '../../src/twolane.ts';

export const extractHashtags = defineJob({
  type: 'extract-hashtags',
  lane: 'realtime',
  queue: 'text',
  description: 'Finds the hashtags of a caption, each once, in lower case.',
  payload: z.object({ caption: z.string().max(2_200) }),
  result: z.object({ tags: z.array(z.string()) }),
});

/** Dies unless its file is one of ours; goes on for as long as it is told. */
export const convertFile = defineJob({
  type: 'convert-file',
  lane: 'bulk',
  queue: 'files',
  description: 'Converts a file.',
  payload: z.object({ file: z.string(), steps: z.int().max(1_000).default(1) }),
  maxAttempts: 1,
});

async function convert({ file, steps }: { file: string; steps: number }, context: JobContext): Promise<void> {
  if (file.startsWith('missing')) throw new Error(`There is no file "${file}"`);
  for (let step = 1; step <= steps; step += 1) {
    context.signal.throwIfAborted();
    context.progress((step / steps) * 100, `step ${step}`);
    if (steps > 1) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  context.log('Converted', { steps });
}

export const cliCatalog = { ...platformJobs, 'extract-hashtags': extractHashtags, 'convert-file': convertFile };

export const cliOverrides: Partial<TwolaneOptions> = {
  catalog: cliCatalog,
  handlers: (services: PlatformServices) => ({
    ...platformHandlers(services),
    'extract-hashtags': async ({ caption }: { caption: string }, context: JobContext) => {
      const tags = [...new Set(caption.toLowerCase().match(/#[\p{L}\p{N}_]+/gu))];
      context.log('Hashtags found', { count: tags.length });
      return { tags };
    },
    'convert-file': convert,
  }),
  schedules: [
    defineSchedule({
      name: 'nightly',
      job: convertFile,
      payload: { file: 'night' },
      cron: '0 3 * * *',
      description: 'Every night.',
    }),
  ],
};
