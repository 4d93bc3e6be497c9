/** The processes of this machine, as Linux lists them in /proc: who started whom, CPU time, memory. Empty elsewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

export interface Process {
  pid: number;
  parent: number;
  /** Of the process and of those of its children that have ended, milliseconds. */
  cpuMs: number;
  residentBytes: number;
}

/** The kernel counts in these to every program, whatever its own clock. */
const ticksPerS = 100;
const pageBytes = 4_096;

export function allProcesses(): Process[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (read(name) ?? []) : []));
}

/** A line of /proc/PID/stat. The name of the program stands in parentheses and may hold anything. */
export function parseStat(line: string): Process {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  // By proc(5), where the state is field 3: parent 4, utime to cstime 14 to 17, rss 24.
  const field = (number: number) => Number(fields[number - 3]);
  return {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    cpuMs: ((field(14) + field(15) + field(16) + field(17)) * 1_000) / ticksPerS,
    residentBytes: field(24) * pageBytes,
  };
}

/** The processes with these ids and all below them. */
export function treeOf(roots: readonly number[], all: readonly Process[] = allProcesses()): Process[] {
  const inside = new Set(roots);
  // Ids may begin again, so a parent can have the larger one: look until nothing is added.
  for (let before = -1; before !== inside.size; ) {
    before = inside.size;
    for (const { pid, parent } of all) if (inside.has(parent)) inside.add(pid);
  }
  return all.filter(({ pid }) => inside.has(pid));
}

/** What the process has in memory, its share of what it has in common with others counted in part. Undefined when it has ended. */
export function proportionalBytes(pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]) * 1_024;
  } catch {
    return undefined;
  }
}

function read(pid: string): Process | undefined {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // Ended in between.
    return undefined;
  }
}
