/** GET_STATUS and GET_STATUS_UNIQUE: how far a job is, in Gearman's words; one that has ended is unknown to it. */
import { isFinal } from '../../contract/index.ts';
import type { Platform } from '../platform.ts';
import { idOf } from './follow.ts';
import type { MappedFunction } from './functions.ts';
import { packet } from './packets.ts';
import { keyOf } from './submit.ts';

/** Known, running, numerator, denominator. */
type Status = [known: string, running: string, numerator: string, denominator: string];
const unknown: Status = ['0', '0', '0', '0'];

export async function statusOfHandle(platform: Platform, handle: string): Promise<Buffer> {
  const id = idOf(handle);
  return packet('STATUS_RES', handle, ...(id === undefined ? unknown : await statusOf(platform, id)));
}

/** Unique ids count per function, and the packet names none: the first function that has a job of it under way answers. */
export async function statusOfUnique(
  platform: Platform,
  functions: ReadonlyMap<string, MappedFunction>,
  unique: string,
  waiting: (id: string) => number,
): Promise<Buffer> {
  const keys = [...functions.keys()].map((name) => keyOf(name, unique));
  const job = (await platform.operations.jobsOfKeys(keys)).find(({ state }) => !isFinal(state));
  if (!job) return packet('STATUS_RES_UNIQUE', unique, ...unknown, '0');
  return packet('STATUS_RES_UNIQUE', unique, ...(await statusOf(platform, job.id)), String(waiting(job.id)));
}

async function statusOf({ operations }: Platform, id: string): Promise<Status> {
  const job = await operations.get(id);
  if (!job || isFinal(job.state)) return unknown;
  const percent = job.progress ? String(Math.round(job.progress.percent)) : '0';
  return ['1', job.state === 'running' ? '1' : '0', percent, job.progress ? '100' : '0'];
}
