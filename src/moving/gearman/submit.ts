/** SUBMIT_JOB in its forms: from a packet to a job of the ledger, coalesced by the unique id. */
import { createHash } from 'node:crypto';
import type { EnqueueItem, EnqueueOptions, Json, Priority } from '../../contract/index.ts';
import { enqueueOnceAtATime } from '../once-at-a-time.ts';
import type { Platform } from '../platform.ts';
import { type MappedFunction, toPayload } from './functions.ts';
import { argumentsOf, type PacketName, ProtocolError } from './packets.ts';

interface Form {
  /** Undefined: that of the job type. */
  priority?: Priority;
  background?: true;
  /** It says when to run. */
  timed?: true;
}

/** The packets that submit a job. */
export const forms: Partial<Record<PacketName, Form>> = {
  SUBMIT_JOB: {},
  SUBMIT_JOB_HIGH: { priority: 'high' },
  SUBMIT_JOB_LOW: { priority: 'low' },
  SUBMIT_JOB_BG: { background: true },
  SUBMIT_JOB_HIGH_BG: { priority: 'high', background: true },
  SUBMIT_JOB_LOW_BG: { priority: 'low', background: true },
  SUBMIT_JOB_EPOCH: { background: true, timed: true },
};

/** As gearmand has it. */
const longestUnique = 64;

export interface Submitted {
  id: string;
  mapped: MappedFunction;
  background: boolean;
}

/** @throws ProtocolError for what the packet says; TwolaneError for what the ledger says */
export async function submit(
  platform: Platform,
  functions: ReadonlyMap<string, MappedFunction>,
  form: Form,
  data: Buffer,
): Promise<Submitted> {
  const { texts, rest } = argumentsOf(data, form.timed ? 4 : 3);
  const [name = '', unique = '', epoch] = texts;
  const mapped = functions.get(name);
  if (!mapped)
    throw new ProtocolError('unknown_function', `There is no function "${name}" here; "status" lists those that exist`);
  if (Buffer.byteLength(unique) > longestUnique)
    throw new ProtocolError('unique_too_long', `A unique id may have ${longestUnique} bytes`);
  const options: EnqueueOptions = { priority: form.priority, metadata: { gearman: name } };
  if (epoch !== undefined) options.runAt = timeOf(epoch);
  const payload = (mapped.payload ?? toPayload)(rest) as Json;
  const item: EnqueueItem = { job: mapped.job, payload: payload as never, options };
  const { id } = await (unique === ''
    ? platform.enqueue(item.job, item.payload, options)
    : enqueueOnceAtATime(platform, item, keyOf(name, unique === '-' ? digestOf(rest) : unique)));
  return { id, mapped, background: form.background === true };
}

/** The idempotency key of a unique id; unique ids count per function. */
export function keyOf(name: string, unique: string): string {
  return `gearman:${name}:${unique}`;
}

/** The unique id "-" stands for the bytes themselves. */
function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

function timeOf(epoch: string): Date {
  const time = new Date(Number(epoch) * 1_000);
  if (!/^\d+$/.test(epoch) || Number.isNaN(time.getTime()))
    throw new ProtocolError('invalid_time', `"${epoch}" is not a time in seconds since 1970`);
  return time;
}
