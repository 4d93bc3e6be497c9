/**
 * A process with everything it started: who belongs to it, what memory that takes, and its end. A process belongs when it
 * descends from the root, is in its group or session, or carries the root's mark in its environment, as those do that
 * left the group and lost their parent. Nothing else is ever touched. Without /proc there is the group alone.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that children inherit; its value is the mark of one tree. */
export const markName = 'TWOLANE_PROCESS_TREE';

interface Stat {
  pid: number;
  state: string;
  parent: number;
  group: number;
  session: number;
  residentBytes: number;
}

const pageBytes = 4_096;
/** Fork bombs are stopped in rounds; more of them than this means that somebody else has to look. */
const mostRounds = 20;

/** Freezes the tree, so that nobody can fork away, kills it, and answers the processes that were in it. */
export function killTree(root: number, mark: string): number[] {
  const found = new Set<number>();
  for (let round = 0; round < mostRounds; round += 1) {
    const fresh = membersOf(root, mark).filter((pid) => !found.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      found.add(pid);
      if (pid !== process.pid) send(pid, 'SIGSTOP');
    }
  }
  if (found.size === 0) send(-root, 'SIGKILL');
  // Whoever kills its own tree goes last.
  const order = [...found].sort((one, other) => Number(one === process.pid) - Number(other === process.pid));
  for (const pid of order) send(pid, 'SIGKILL');
  return order;
}

/** Whether all of them have ended; a zombie that waits for its parent has. */
export function allGone(pids: readonly number[]): boolean {
  return pids.every((pid) => {
    const stat = statOf(pid);
    return stat ? stat.state === 'Z' || stat.state === 'X' : !send(pid, 0);
  });
}

/** Resident bytes of a process and its descendants; 0 where /proc does not tell. */
export function residentBytes(root: number): number {
  const own = statOf(root);
  if (!own) return 0;
  return childrenOf(root).reduce((sum, child) => sum + residentBytes(child), own.residentBytes);
}

function membersOf(root: number, mark: string): number[] {
  const all = numbersIn('/proc').flatMap((pid) => statOf(pid) ?? []);
  // A pid may have been given to a stranger since the root ended.
  const rootLives = isMarked(root, mark);
  const members = new Set<number>();
  for (const { pid, group, session } of all) {
    if ((rootLives && (pid === root || group === root || session === root)) || isMarked(pid, mark)) members.add(pid);
  }
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const { pid, parent } of all) if (members.has(parent)) members.add(pid);
  }
  return [...members];
}

function isMarked(pid: number, mark: string): boolean {
  return read(`/proc/${pid}/environ`)?.split('\0').includes(`${markName}=${mark}`) ?? false;
}

/** Each thread has a list of the processes that it started. */
function childrenOf(pid: number): number[] {
  return numbersIn(`/proc/${pid}/task`).flatMap((thread) =>
    (read(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
}

function statOf(pid: number): Stat | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (!text) return undefined;
  // The name, in brackets, may hold spaces and brackets; the numbers follow the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const number = (index: number) => Number(fields[index]);
  const residentBytes = number(21) * pageBytes;
  return { pid, state: fields[0] ?? '', parent: number(1), group: number(2), session: number(3), residentBytes };
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Undefined when the process is gone or belongs to somebody else. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** False when there is no such process (any more). */
function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
