/** The child process that renders images, one at a time. A decoder that crashes here costs one job, not a worker. */
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { renderImage } from './pipeline.ts';
import { memoryExitCode, type RenderReply, type RenderRequest, type RenderResult } from './protocol.ts';

const memoryLimit = Number(process.argv[2]);

/** An honest end before the kernel's: the limit holds while libvips works, since the loop of this process is free. */
setInterval(() => {
  if (process.memoryUsage.rss() > memoryLimit) process.exit(memoryExitCode);
}, 50).unref();

process.on('disconnect', () => process.exit(0));
process.on('message', async (request: RenderRequest) => {
  const result = await answer(request);
  const reply: RenderReply = { id: request.id, residentBytes: process.memoryUsage.rss(), ...result };
  process.send?.(reply);
});

async function answer(request: RenderRequest): Promise<RenderResult> {
  try {
    return { image: await renderImage(request) };
  } catch (error) {
    const code = error instanceof TwolaneError ? error.code : 'image_failed';
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code, message, refused: error instanceof NonRetryableError } };
  }
}
