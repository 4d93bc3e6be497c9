/** How much memory an installation takes while it works: its own process, and the largest of those that it has started. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Measured } from '../measured.ts';

const mib = 1024 ** 2;

export class MemoryWatch {
  #own = 0;
  #child = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number) {
    this.#timer = setInterval(() => this.#look(pid), 100);
  }

  /** The peaks: MiB of the process, and of its largest descendant. */
  stop(): Measured[] {
    clearInterval(this.#timer);
    return [
      { key: 'memory', value: this.#own / mib, unit: 'MiB', note: 'most that the process took' },
      { key: 'memory of a child', value: this.#child / mib, unit: 'MiB', note: 'most that one of its children took' },
    ];
  }

  #look(pid: number): void {
    const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statusOf(name) ?? []) : []));
    const below = new Set([pid]);
    // Children have larger ids than their parents, but for ids that begin again.
    for (const { pid: child, parent } of all.toSorted((a, b) => a.pid - b.pid)) if (below.has(parent)) below.add(child);
    for (const one of all) {
      if (one.pid === pid) this.#own = Math.max(this.#own, one.bytes);
      else if (below.has(one.pid)) this.#child = Math.max(this.#child, one.bytes);
    }
  }
}

function statusOf(pid: string): { pid: number; parent: number; bytes: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
    return { pid: Number(pid), parent: number('PPid'), bytes: number('VmRSS') * 1024 };
  } catch {
    // Ended in between.
    return undefined;
  }
}
