/** The image processes of a worker: a few for ordinary images, and one slot with more memory for heavy ones. */
import { availableParallelism } from 'node:os';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { defaultLimits, type ImageLimits } from './limits.ts';
import { heavyCode, type RenderedImage, type RenderRequest, tooCostlyCode, type Wanted } from './protocol.ts';
import { slots } from './slots.ts';

export interface ImageRenderer {
  /**
   * Makes renditions of the image at `input` in the empty `folder`, and describes it.
   * @param wanted default: every size as WebP and JPEG
   * @throws NonRetryableError with a code of `ImageRefusal`, or `image_too_costly`; TwolaneError `image_crashed`,
   * `image_timed_out`; the signal's reason when aborted
   */
  render(input: string, folder: string, signal: AbortSignal, wanted?: Wanted): Promise<RenderedImage>;
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
  // AVIF takes long: it must not stand before pictures that somebody waits for, and may wait itself while the machine is busy.
  const patient = slots({ ...ordinary, processes: 1, niceness: 10, timeoutMs: 4 * ordinary.timeoutMs });
  let requests = 0;

  function requestOf(
    image: Pick<RenderRequest, 'input' | 'folder' | 'wanted'>,
    memoryBytes: number,
    lightBytes: number,
  ) {
    requests += 1;
    return { ...image, id: requests, limits, lightBytes, tool: { program: heicTool, memoryBytes } };
  }

  return {
    async render(input, folder, signal, wanted = { plain: true }) {
      const { memoryBytes } = ordinary;
      const image = { input, folder, wanted };
      const usual = wanted.avif ? patient : light;
      try {
        return await usual.render(requestOf(image, memoryBytes, memoryBytes / 2), signal);
      } catch (error) {
        if (!(error instanceof TwolaneError) || ![heavyCode, tooCostlyCode].includes(error.code)) throw error;
      }
      return heavy.render(requestOf(image, heavyMemoryBytes, heavyMemoryBytes), signal).catch(forGood);
    },
    close: () => {
      for (const each of [light, heavy, patient]) each.close();
    },
  };
}

/** What is too costly for the slot for heavy images is too costly for good. */
function forGood(error: unknown): never {
  if (error instanceof TwolaneError && [heavyCode, tooCostlyCode].includes(error.code))
    throw new NonRetryableError(error.message, { code: tooCostlyCode, cause: error });
  throw error;
}
