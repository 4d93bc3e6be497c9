/** One stack per folder at a time: a file says who runs it and where its servers are; a killed run's file does no harm. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startOf } from './processes.ts';
import { StackError, type StackUrls } from './program.ts';

interface Holder {
  pid: number;
  /** When that process started: tells it from a later one with the same pid. */
  started: string;
  urls?: StackUrls;
  /** Where the API of the Twolane is that runs on these servers. */
  address?: string;
}

const lockFile = (folder: string) => join(folder, 'running.json');

/** The run that holds the folder now. */
function holderOf(folder: string): Holder | undefined {
  if (!existsSync(lockFile(folder))) return undefined;
  const text = readFileSync(lockFile(folder), 'utf8');
  if (text === '') return undefined;
  const holder = JSON.parse(text) as Holder;
  return startOf(holder.pid) === holder.started ? holder : undefined;
}

/** Where the servers are that another process runs from this folder; undefined when none does. */
export function runningUrls(folder: string): StackUrls | undefined {
  return holderOf(folder)?.urls;
}

/** Where the API is that another process runs from this folder; undefined while there is none. */
export function runningAddress(folder: string): string | undefined {
  return holderOf(folder)?.address;
}

/** Tells others where the API is; for the process that has taken the folder. */
export function publishAddress(folder: string, address: string): void {
  const holder = holderOf(folder);
  if (holder?.pid === process.pid) writeHolder(folder, { ...holder, address }, 'w');
}

/** @throws StackError when another process runs a stack from the folder. */
export function refuseIfTaken(folder: string): void {
  const holder = holderOf(folder);
  if (!holder) return;
  throw new StackError(
    `Twolane runs from this folder already (process ${holder.pid}). Stop that one first (Ctrl-C, or kill ${holder.pid}), or start from another clone.`,
  );
}

/** Takes the folder for this process. @throws StackError when another one has it. */
export function takeFolder(folder: string): { publish(urls: StackUrls): void; release(): void } {
  const file = lockFile(folder);
  const me: Holder = { pid: process.pid, started: startOf(process.pid) ?? '' };
  refuseIfTaken(folder);
  rmSync(file, { force: true });
  writeHolder(folder, me, 'wx');
  return {
    publish: (urls) => writeHolder(folder, { ...me, urls }, 'w'),
    release: () => rmSync(file, { force: true }),
  };
}

function writeHolder(folder: string, holder: Holder, flag: 'w' | 'wx'): void {
  writeFileSync(lockFile(folder), JSON.stringify(holder), { mode: 0o600, flag });
}
