/** A small pool of image processes: as many images at once as it has processes, the others wait their turn. */
import { availableParallelism } from 'node:os';
import type { RenderedImage } from './protocol.ts';
import { WorkerProcess } from './worker-process.ts';

export interface ImageRenderer {
  /**
   * Makes the renditions and the placeholder of the image at `input` in the empty `folder`.
   * @throws NonRetryableError `invalid_image`, `too_many_pixels`; TwolaneError `image_crashed`, `image_too_costly`,
   * `image_timed_out`; the signal's reason when aborted
   */
  render(input: string, folder: string, signal: AbortSignal): Promise<RenderedImage>;
  /** Ends all processes. */
  close(): void;
}

export interface ImagePoolOptions {
  /** Default: the number of cores. */
  processes?: number;
  /** Pixels over all frames. Default 100,000,000. */
  maxPixels?: number;
  /** A process is replaced after this many images. Default 200: fragmentation never builds up. */
  imagesPerProcess?: number;
  /** Resident memory of one process, bytes. Default 1 GiB. */
  memoryBytes?: number;
  /** Wall clock of one image, milliseconds. Default 60,000. */
  timeoutMs?: number;
}

const defaults = { maxPixels: 100_000_000, imagesPerProcess: 200, memoryBytes: 1024 ** 3, timeoutMs: 60_000 };

/** Processes start with the first image that needs them, so a pool that is never used costs nothing. */
export function imagePool(options: ImagePoolOptions = {}): ImageRenderer {
  const limits = { ...defaults, processes: availableParallelism(), ...options };
  const all = new Set<WorkerProcess>();
  const idle: WorkerProcess[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;
  let requests = 0;

  function take(): WorkerProcess {
    for (let process = idle.pop(); process; process = idle.pop()) {
      if (!process.ended) return process;
      all.delete(process);
    }
    const started = new WorkerProcess(limits);
    all.add(started);
    return started;
  }

  function giveBack(process: WorkerProcess): void {
    // Half of its memory kept after an image: the next one would pay for the last.
    const wornOut = process.rendered >= limits.imagesPerProcess || process.residentBytes > limits.memoryBytes / 2;
    if (!process.ended && !wornOut) return void idle.push(process);
    process.kill();
    all.delete(process);
  }

  async function turn(): Promise<void> {
    if (running < limits.processes) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  }

  function nextTurn(): void {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }

  return {
    async render(input, folder, signal) {
      await turn();
      const process = take();
      requests += 1;
      try {
        return await process.render({ id: requests, input, folder, maxPixels: limits.maxPixels }, signal);
      } finally {
        giveBack(process);
        nextTurn();
      }
    },
    close: () => {
      for (const process of all) process.kill();
      all.clear();
    },
  };
}
