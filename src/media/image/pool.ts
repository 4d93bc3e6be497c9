/** The image processes of a worker: a few for ordinary images, and one slot with more memory for heavy ones. */
import { availableParallelism } from 'node:os';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { defaultLimits, type ImageLimits } from './limits.ts';
import { heavyCode, type RenderedImage, tooCostlyCode } from './protocol.ts';
import { slots } from './slots.ts';

export interface ImageRenderer {
  /**
   * Makes the renditions and the placeholder of the image at `input` in the empty `folder`.
   * @throws NonRetryableError with a code of `ImageRefusal`, or `image_too_costly`; TwolaneError `image_crashed`,
   * `image_timed_out`; the signal's reason when aborted
   */
  render(input: string, folder: string, signal: AbortSignal): Promise<RenderedImage>;
  /** Ends all processes. */
  close(): void;
}

export interface ImagePoolOptions extends Partial<ImageLimits> {
  /** For ordinary images. Default: the number of cores. */
  processes?: number;
  /** A process is replaced after this many images. Default 200. */
  imagesPerProcess?: number;
  /** Resident memory of an ordinary process, bytes. Default 640 MiB. */
  memoryBytes?: number;
  /** Resident memory of the one process for heavy images, bytes. Default 2 GiB. */
  heavyMemoryBytes?: number;
  /** Wall clock of one image, milliseconds. Default 60,000. */
  timeoutMs?: number;
  /** Processor time of one image, milliseconds. Default 60,000. */
  cpuMs?: number;
  /** The program of libvips' command line. Default `vips`. */
  heicTool?: string;
}

const mib = 1024 ** 2;
const defaults = {
  imagesPerProcess: 200,
  memoryBytes: 640 * mib,
  heavyMemoryBytes: 2_048 * mib,
  timeoutMs: 60_000,
  cpuMs: 60_000,
  heicTool: 'vips',
};

/** A pool whose processes start with the first image that needs them. */
export function imagePool(options: ImagePoolOptions = {}): ImageRenderer {
  const given = { ...defaultLimits, ...defaults, processes: availableParallelism(), ...options };
  const { maxBytes, maxPixels, maxSide, maxFrames, maxChannels, heavyMemoryBytes, heicTool, ...ordinary } = given;
  const limits: ImageLimits = { maxBytes, maxPixels, maxSide, maxFrames, maxChannels };
  const light = slots(ordinary);
  // What a heavy image leaves behind in the allocator is too much to keep for the next one.
  const heavy = slots({ ...ordinary, processes: 1, imagesPerProcess: 1, memoryBytes: heavyMemoryBytes });
  let requests = 0;

  const requestOf = (input: string, folder: string, memoryBytes: number, lightBytes: number) => {
    requests += 1;
    return { id: requests, input, folder, limits, lightBytes, tool: { program: heicTool, memoryBytes } };
  };

  return {
    async render(input, folder, signal) {
      const { memoryBytes } = ordinary;
      try {
        return await light.render(requestOf(input, folder, memoryBytes, memoryBytes / 2), signal);
      } catch (error) {
        if (!(error instanceof TwolaneError) || ![heavyCode, tooCostlyCode].includes(error.code)) throw error;
      }
      return heavy.render(requestOf(input, folder, heavyMemoryBytes, heavyMemoryBytes), signal).catch(forGood);
    },
    close: () => {
      light.close();
      heavy.close();
    },
  };
}

/** What is too costly for the slot for heavy images is too costly for good. */
function forGood(error: unknown): never {
  if (error instanceof TwolaneError && [heavyCode, tooCostlyCode].includes(error.code))
    throw new NonRetryableError(error.message, { code: tooCostlyCode, cause: error });
  throw error;
}
