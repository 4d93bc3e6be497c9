/** What a check of `twolane doctor` finds. */
export interface Finding {
  /** What was looked at. */
  check: string;
  /** A `warning` costs speed or safety some day; with a `fault` Twolane does not work, or loses work. */
  level: 'ok' | 'warning' | 'fault';
  found: string;
  /** What to do, in a sentence; for everything that is not ok. */
  cure?: string;
}

export const ok = (check: string, found: string): Finding => ({ check, level: 'ok', found });
export const warning = (check: string, found: string, cure: string): Finding => ({
  check,
  level: 'warning',
  found,
  cure,
});
export const fault = (check: string, found: string, cure: string): Finding => ({ check, level: 'fault', found, cure });

const patienceMs = 10_000;

/** Runs one group of checks; what it throws, or takes too long, is a fault of its own. */
export async function examine(check: string, cure: string, work: () => Promise<Finding[]>): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1_000} s`)), patienceMs);
  });
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    return [fault(check, message || code || String(error), cure)];
  } finally {
    clearTimeout(timer);
  }
}
