/** Running ffmpeg over an upload: its complaints become reasons that the owner of the video can be told. */
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import type { FfmpegCall } from './call.ts';
import { type RunOptions, runFfmpeg } from './run.ts';

/** What ffmpeg says of bytes that are not what their container promises. */
const damage = /Invalid data found|moov atom not found|partial file|Cannot determine format of input stream/;

/** @throws NonRetryableError `invalid_video` when the bytes inside an upload that the probe accepted are damaged */
export async function decode(call: FfmpegCall, options: RunOptions): Promise<string> {
  try {
    return await runFfmpeg(call, options);
  } catch (error) {
    if (!(error instanceof TwolaneError) || !damage.test(error.message)) throw error;
    throw new NonRetryableError('The video is damaged', { code: 'invalid_video', cause: error });
  }
}

/**
 * Runs ffmpeg over what was decoded of an upload.
 * @throws NonRetryableError `invalid_video` when nothing could be decoded of one of its streams
 */
export async function pack(call: FfmpegCall, options: RunOptions): Promise<string> {
  try {
    return await runFfmpeg(call, options);
  } catch (error) {
    if (!(error instanceof TwolaneError) || !/matches no streams/.test(error.message)) throw error;
    throw new NonRetryableError('The video is damaged', { code: 'invalid_video', cause: error });
  }
}

/** Runs several at once; the first error stops the others before it is thrown. */
export async function together<T extends readonly unknown[]>(
  signal: AbortSignal,
  work: readonly [...{ [K in keyof T]: (signal: AbortSignal) => Promise<T[K]> }],
): Promise<T> {
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const running = work.map(async (each) => {
    try {
      return await each(both);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  await Promise.allSettled(running);
  return (await Promise.all(running)) as unknown as T;
}
