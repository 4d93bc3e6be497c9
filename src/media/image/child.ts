/** The child process that renders images, one at a time. A decoder that crashes here costs one job, not a worker. */
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { renderImage } from './pipeline.ts';
import { cpuExitCode, memoryExitCode, type RenderReply, type RenderRequest, type RenderResult } from './protocol.ts';

const memoryLimit = Number(process.argv[2]);
const cpuLimitMs = Number(process.argv[3]);
/** Processor time when the present image began, milliseconds; undefined between images. */
let begunAt: number | undefined;

/** An honest end before the kernel's: the limits hold while libvips works, since the loop of this process is free. */
setInterval(() => {
  if (process.memoryUsage.rss() > memoryLimit) process.exit(memoryExitCode);
  if (begunAt !== undefined && cpuMs() - begunAt > cpuLimitMs) process.exit(cpuExitCode);
}, 50).unref();

process.on('disconnect', () => process.exit(0));
process.on('message', async (request: RenderRequest) => {
  begunAt = cpuMs();
  const result = await answer(request);
  begunAt = undefined;
  const reply: RenderReply = { id: request.id, residentBytes: process.memoryUsage.rss(), cpuMs: cpuMs(), ...result };
  process.send?.(reply);
});

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1_000);
}

async function answer(request: RenderRequest): Promise<RenderResult> {
  try {
    return { image: await renderImage(request) };
  } catch (error) {
    const code = error instanceof TwolaneError ? error.code : 'image_failed';
    const message = error instanceof Error ? error.message : String(error);
    return { error: { code, message, refused: error instanceof NonRetryableError } };
  }
}
