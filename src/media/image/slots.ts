/** Some image processes that share their limits: as many images at once as there are processes, the others wait their turn. */
import type { RenderedImage, RenderRequest } from './protocol.ts';
import { WorkerProcess, type WorkerProcessLimits } from './worker-process.ts';

export interface SlotLimits extends WorkerProcessLimits {
  processes: number;
  /** A process is replaced after this many images: fragmentation never builds up. */
  imagesPerProcess: number;
}

export interface Slots {
  /** Waits for a turn, then renders. Throws what the process and the image throw. */
  render(request: RenderRequest, signal: AbortSignal): Promise<RenderedImage>;
  /** Ends all processes. */
  close(): void;
}

/** Processes start with the first image that needs them, so slots that are never used cost nothing. */
export function slots(limits: SlotLimits): Slots {
  const all = new Set<WorkerProcess>();
  const idle: WorkerProcess[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;

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
    const wornOut =
      process.rendered >= limits.imagesPerProcess || process.tired || process.residentBytes > limits.memoryBytes / 2;
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
    async render(request, signal) {
      await turn();
      const process = take();
      try {
        return await process.render(request, signal);
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
