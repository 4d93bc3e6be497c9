/** Whether processes are alive: one that has ended and that nobody has asked about yet is not. */
import { readFileSync } from 'node:fs';

export function isAlive(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
