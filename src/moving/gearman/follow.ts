/** What a foreground client hears of its job: progress while it runs, then the result or the failure. */
import { type FinalState, isFinal, type JobDetail, type JobEvent } from '../../contract/index.ts';
import type { Platform } from '../platform.ts';
import { fromResult } from './functions.ts';
import { packet } from './packets.ts';
import type { Submitted } from './submit.ts';

export const handleOf = (id: string): string => `H:twolane:${id}`;

/** The job's id; undefined for handles that no door of ours gave out. */
export function idOf(handle: string): string | undefined {
  return /^H:twolane:(\d{1,19})$/.exec(handle)?.[1];
}

export interface Listener {
  /** The client asked for WORK_EXCEPTION. */
  exceptions(): boolean;
  write(bytes: Buffer): void;
  /** The job has ended and everything was said. */
  done(): void;
}

/** Tells the client until the job has ended, within a quarter of a second of each change. Returns the way to stop. */
export function follow(platform: Platform, { id, mapped }: Submitted, listener: Listener): () => void {
  const handle = handleOf(id);
  let told = { percent: 0, note: null as string | null };
  const tellProgress = ({ progress }: JobEvent) => {
    if (!progress) return;
    const percent = Math.round(progress.percent);
    if (percent !== told.percent) listener.write(packet('WORK_STATUS', handle, String(percent), '100'));
    if (mapped.notesAsData && progress.note && progress.note !== told.note)
      listener.write(packet('WORK_DATA', handle, progress.note));
    told = { percent, note: progress.note };
  };
  const tellEnd = async () => {
    const job = await platform.operations.get(id).catch((error: unknown) => {
      platform.logger.warn({ id, error }, 'The result of a job could not be read for its Gearman client');
      return undefined;
    });
    for (const bytes of endOf(job, handle, mapped.result ?? fromResult, listener.exceptions())) listener.write(bytes);
    listener.done();
  };
  const stop = platform.events.subscribe(id, (event) => {
    tellProgress(event);
    if (!isFinal(event.state)) return;
    stop();
    void tellEnd();
  });
  return stop;
}

type Convert = typeof fromResult;

/** A job that was cancelled, discarded or forgotten has failed for its client. */
function endOf(job: JobDetail | undefined, handle: string, toBytes: Convert, exceptions: boolean): Buffer[] {
  const state = job?.state as FinalState | undefined;
  if (job && state === 'succeeded') {
    try {
      return [packet('WORK_COMPLETE', handle, toBytes(job.result))];
    } catch (error) {
      return failed(handle, `The result of the job can not be sent: ${String(error)}`, exceptions);
    }
  }
  return failed(handle, job?.error?.message ?? job?.reason ?? 'The job is not known any more', exceptions);
}

function failed(handle: string, why: string, exceptions: boolean): Buffer[] {
  return [...(exceptions ? [packet('WORK_EXCEPTION', handle, why)] : []), packet('WORK_FAIL', handle)];
}
