/**
 * Tells a program that makes no progress from one that gets no processor: a busy machine is no fault of a video. Where the system
 * does not say what a process does, a long silence alone counts.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Of a process and those below it, with all their threads. */
interface Use {
  /** Processor time, milliseconds. */
  cpuMs: number;
  /** One of its threads wants a processor, or waits for a disk. */
  eager: boolean;
}

export interface StallWatch {
  /** It has said something. Cheap enough for every line. */
  heard(): void;
  stop(): void;
  fired(): boolean;
}

/** It is looked at so often within the limit. */
const looks = 4;
/** Less than this share of the time on a processor is as good as none: timers that go off and find nothing. */
const idleShare = 0.01;

/**
 * Calls `onStall` once when a program says nothing and either does nothing for `limitMs`, without wanting to, or keeps a processor
 * busy for as long. That is noticed up to a quarter of the limit late.
 */
export function stallWatch(pid: number | undefined, limitMs: number, onStall: () => void): StallWatch {
  const first = useOf(pid);
  const state = { heard: false, fired: false, since: first, last: first, idle: 0 };
  const look = () => {
    const now = useOf(pid);
    if (state.heard) Object.assign(state, { heard: false, since: now, idle: 0 });
    else state.idle = isIdle(state.last, now, limitMs / looks) ? state.idle + 1 : 0;
    state.last = now;
    if (state.idle < looks && usedMs(state.since, now) < limitMs) return;
    clearInterval(timer);
    state.fired = true;
    onStall();
  };
  const timer = setInterval(look, limitMs / looks);
  return {
    heard() {
      state.heard = true;
    },
    stop: () => clearInterval(timer),
    fired: () => state.fired,
  };
}

const usedMs = (from: Use | undefined, to: Use | undefined) => (from && to ? to.cpuMs - from.cpuMs : 0);

function isIdle(last: Use | undefined, now: Use | undefined, betweenMs: number): boolean {
  return !now?.eager && usedMs(last, now) <= betweenMs * idleShare;
}

/** Linux counts in hundredths of a second for programs, whatever the kernel does. */
const tickMs = 10;

function useOf(pid: number | undefined): Use | undefined {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const stats = threads.map((thread) => statOf(`/proc/${pid}/task/${thread}/stat`));
    const below = threads.flatMap((thread) => childrenOf(`/proc/${pid}/task/${thread}/children`));
    const uses = below.flatMap((child) => useOf(child) ?? []);
    return {
      cpuMs: uses.reduce((sum, { cpuMs }) => sum + cpuMs, statOf(`/proc/${pid}/stat`).cpuMs),
      eager: stats.some(({ state }) => state === 'R' || state === 'D') || uses.some(({ eager }) => eager),
    };
  } catch {
    // Ended just now, or no such system.
    return undefined;
  }
}

/** None where the kernel keeps no such list. */
function childrenOf(path: string): number[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

/** The name of the program is in brackets, and may hold anything. */
function statOf(path: string): { state: string; cpuMs: number } {
  const text = readFileSync(path, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs };
}
