/**
 * The job types that the chaos run counts. Every start is appended to a file, where no kill can hide it; every effect is a row
 * of a table without any constraint, written in the transaction that settles the job.
 */
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type AnyHandlers,
  type Catalog,
  defineJob,
  type FileStore,
  type JobContext,
  type JobDefinition,
  type LaneName,
  type Queryable,
} from '../../src/contract/index.ts';
import { defineSchedule } from '../../src/contract/schedule.ts';

/** `fails`: the first attempt; `files`: with an effect in the file store; `kills`: the process that runs it, each time. */
const payload = z.object({
  key: z.string(),
  takesMs: z.number().default(0),
  fails: z.boolean().default(false),
  files: z.boolean().default(false),
  follow: z.boolean().default(false),
  kills: z.boolean().default(false),
});
export type ChaosPayload = z.input<typeof payload>;

/** The next release of the same jobs calls a field otherwise. */
const newPayload = payload.omit({ takesMs: true }).extend({ workMs: z.number().default(0) });
const upcast = { 1: ({ takesMs, ...rest }: ChaosPayload) => ({ ...rest, workMs: takesMs ?? 0 }) };

export const releases = [1, 2] as const;
export type Release = (typeof releases)[number];

function chaosJob(lane: LaneName, type: string, release: Release): JobDefinition {
  const common = { type, lane, queue: 'chaos', result: z.void(), backoff: { delayMs: 100 } };
  return release === 1
    ? (defineJob({ ...common, payload }) as unknown as JobDefinition)
    : (defineJob({ ...common, version: 2, payload: newPayload, upcast }) as unknown as JobDefinition);
}

/** What a release of the product knows beside its own jobs. */
export function chaosCatalog(release: Release): Catalog {
  return {
    'chaos-realtime': chaosJob('realtime', 'chaos-realtime', release),
    'chaos-bulk': chaosJob('bulk', 'chaos-bulk', release),
    'chaos-slot': slotJob,
  };
}

const slotJob = defineJob({
  type: 'chaos-slot',
  lane: 'realtime',
  queue: 'chaos',
  payload: z.object({}),
  result: z.void(),
});

export const chaosSchedules = [
  defineSchedule({ name: 'chaos-slot', everyMs: 2_000, job: slotJob, payload: {}, missed: 'run-all' }),
];

export const effectsTable = `create table chaos_effects (
  seq bigint generated always as identity, job bigint, key text, fence int, prefix text, at timestamptz default clock_timestamp())`;

export function chaosHandlers(deliveriesFile: string, { files }: { files: FileStore }): AnyHandlers {
  const started = ({ id, attempt, fence }: JobContext<void>, key: string) => {
    const line = JSON.stringify({ key, id, attempt, fence, pid: process.pid });
    // Synchronous and appended: a SIGKILL right afterwards can't hide it.
    appendFileSync(deliveriesFile, `${line}\n`);
  };
  const run = async (job: z.output<typeof payload> & { workMs?: number }, context: JobContext<void>) => {
    started(context, job.key);
    if (job.kills) process.kill(process.pid, 'SIGKILL');
    const ms = job.workMs ?? job.takesMs;
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    if (job.fails && context.attempt === 1) throw new Error('The first attempt fails');
    const next = `${job.key}/next`;
    if (job.follow) await context.enqueue(followUp(context.lane), { key: next }, { idempotencyKey: next });
    const prefix = job.files ? await publish(files, context) : null;
    await context.settle((tx) => note(tx, context, job.key, prefix));
  };
  const slot = async (_: object, context: JobContext<void>) => {
    const key = `slot ${context.scheduledFor?.toISOString()}`;
    started(context, key);
    await context.settle((tx) => note(tx, context, key, null));
  };
  return { 'chaos-realtime': run, 'chaos-bulk': run, 'chaos-slot': slot };
}

/** On the other lane, so that handlers cross them both ways. */
function followUp(lane: LaneName): JobDefinition {
  const other = lane === 'realtime' ? 'bulk' : 'realtime';
  return chaosJob(other, `chaos-${other}`, 1);
}

async function note(tx: Queryable, { id, fence }: JobContext<void>, key: string, prefix: string | null): Promise<void> {
  await tx.query('insert into chaos_effects (job, key, fence, prefix) values ($1, $2, $3, $4)', [
    id,
    key,
    fence,
    prefix,
  ]);
}

/** As media do it: under a name with the fence in it, visible by the row that `settle` writes. */
async function publish(files: FileStore, { id, fence }: JobContext<void>): Promise<string> {
  const prefix = `chaos/${id}/${fence}`;
  await files.withFolder(async (folder) => {
    await writeFile(join(folder, 'effect.txt'), `${id} ${fence}`);
    await files.publish(folder, prefix);
  });
  return prefix;
}
