/**
 * PostgreSQL is put back to a backup while the brokers and the workers have gone on: what came after the backup is not there any
 * more, its messages are refused, and all that the backup knows runs.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Lane } from '../../src/contract/index.ts';
import { FaultRig } from '../support/fault-rig.ts';
import { long } from '../support/long.ts';
import { privateStack, until } from '../support/stack.ts';

/** With its owner, whom PostgreSQL insists on. */
const copy = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);
const lanes = ['realtime', 'bulk'] as const;

let stack: Awaited<ReturnType<typeof privateStack>>;
let rig: FaultRig;
beforeAll(async () => {
  stack = await privateStack();
  rig = await FaultRig.start({ urls: stack.urls });
}, 120_000);
afterAll(async () => {
  await rig.stop();
  await stack.remove();
}, 120_000);

test('An older database runs all that it knows, and refuses what only the brokers know', {
  ...long,
  timeout: 120_000,
}, async () => {
  const server = stack.server('postgres');
  const [data, backup] = [join(stack.folder, 'postgres/data'), join(stack.folder, 'backup')];
  const known: string[] = [];
  for (const lane of lanes) known.push(...(await rig.enqueue(lane, 30, { name: 'known' })));
  await server.stop('SIGINT');
  copy(data, backup);
  await server.start();
  // Released to the brokers, where they wait: there is no worker yet.
  const lost: string[] = [];
  for (const lane of lanes) lost.push(...(await rig.enqueue(lane, 30, { name: 'lost' })));
  const waiting = async () => {
    const depths = await Promise.all(lanes.map((lane) => (rig.app.twolane.lanes.get(lane) as Lane).inspect('faults')));
    return depths.reduce((sum, depth) => sum + (depth?.ready ?? 0), 0);
  };
  await until('the brokers have some', async () => (await waiting()) > 0);
  await server.stop('SIGINT');
  rmSync(data, { recursive: true });
  copy(backup, data);
  await server.start();
  const worker = await rig.worker(20);
  await rig.quiet();
  const more = await rig.enqueue('bulk', 20, { name: 'afterwards' });
  await rig.quiet();
  await until('the brokers have none', async () => (await waiting()) === 0);
  const started = new Set(rig.starts().map(({ id }) => id));
  expect(lost.filter((id) => started.has(id))).toEqual([]);
  for (const id of lost) rig.accepted.delete(id);
  expect(await rig.verdict()).toMatchObject({ accepted: known.length + more.length, lost: 0, doubled: 0, phantom: 0 });
  expect(worker).toMatchObject({ exitCode: null, signalCode: null });
});
