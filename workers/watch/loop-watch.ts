/**
 * Ends this process when its event loop has stood still for a lease: a handler that computes without a pause lets no timer
 * and no signal through, and the jobs of this process belong to others by then. A thread watches, since nothing else can.
 */
import inspector from 'node:inspector';
import { threadBeside } from '../script.ts';

const beatMs = 500;

/** What the thread is given. */
export interface LoopWatch {
  /** Counted up by the event loop that is watched. */
  beats: Int32Array;
  /** So long without a beat, milliseconds, and the process is killed. */
  stillMs: number;
}

/** Watches from now on; answers the way to stop. Nothing is watched under a debugger, where standing still is the point. */
export function watchLoop(stillMs: number, onError: (error: Error) => void): () => void {
  if (inspector.url() !== undefined) return () => {};
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const beating = setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
  const watch: LoopWatch = { beats, stillMs };
  const thread = threadBeside(import.meta.url, 'loop-watch-thread', watch);
  thread.once('error', onError);
  thread.unref();
  return () => {
    clearInterval(beating);
    void thread.terminate();
  };
}
