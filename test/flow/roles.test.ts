/** One process per role, started by the very arguments of the deployment files, on ports of their own: a photo goes through all of them. */

import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeCommands } from '../../scripts/deploy/compose.ts';
import { ended, launch } from '../../scripts/stack/launch.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { environmentOf, type TestApp } from '../support/app.ts';
import { mediaClient } from '../support/media-client.ts';
import { jsonOf, logIn } from '../support/pages.ts';
import { quarters } from '../support/pictures.ts';
import { freshDatabase, until } from '../support/stack.ts';

interface Role {
  name: string;
  args: readonly string[];
  child: ChildProcess;
  /** Where it answers its probes. */
  probes: string;
}

let roles: Role[] = [];
let database: Awaited<ReturnType<typeof freshDatabase>>;
let files = '';

beforeAll(async () => {
  database = await freshDatabase();
  files = await mkdtemp(join(tmpdir(), 'twolane-roles-'));
  const shared = { ...environmentOf({ database: database.url, files }), LOG_LEVEL: 'error' };
  roles = await Promise.all(composeCommands().map((command) => startRole(command, shared)));
});

afterAll(async () => {
  for (const { child } of roles) child.kill('SIGKILL');
  await Promise.all(roles.map(({ child }) => ended(child)));
  await database?.drop();
  await rm(files, { recursive: true, force: true });
});

async function startRole(
  { name, args }: { name: string; args: string[] },
  shared: Record<string, string>,
): Promise<Role> {
  const [port, opsPort, healthPort] = [await freePort(), await freePort(), await freePort()];
  const environment = { ...shared, PORT: `${port}`, OPS_PORT: `${opsPort}`, HEALTH_PORT: `${healthPort}` };
  const program = ['--import', 'tsx', 'src/cli/main.ts', ...args];
  const child = launch({ program: process.execPath, args: program, environment });
  const probes = { api: port, dashboard: opsPort }[args[0] as string] ?? healthPort;
  return { name, args, child, probes: `http://127.0.0.1:${probes}` };
}

const roleOf = (command: string): Role => {
  const role = roles.find(({ args }) => args[0] === command);
  if (!role) throw new Error(`No ${command} among the roles of the compose file`);
  return role;
};

const statusOf = (url: string) =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

describe('The roles of the deployment files', { timeout: 90_000 }, () => {
  it('come up beside each other and are ready', async () => {
    for (const { name, probes } of roles) {
      await until(`${name} is ready`, async () => (await statusOf(`${probes}/readyz`)) === 200, { timeoutMs: 60_000 });
      expect(await statusOf(`${probes}/healthz`)).toBe(200);
    }
  });

  it('take a photo at the API and make its renditions in the bulk worker', async () => {
    const ana = mediaClient({ url: roleOf('api').probes } as TestApp, 'ana');
    const media = await ana.uploadAndWait(new Blob([new Uint8Array(await quarters(400, 300))]));
    expect(media.state).toBe('ready');
    expect(media.renditions.length).toBeGreaterThan(0);
  });

  it('tell Prometheus the backlog that the chart scales by, beside the operator pages and not at the API', async () => {
    const { probes } = roleOf('dashboard');
    const metrics = await (await fetch(`${probes}/metrics`)).text();
    expect(metrics).toMatch(/^twolane_queue_jobs\{lane="bulk",queue="image",state="waiting"\} 0$/m);
    expect(await statusOf(`${roleOf('api').probes}/metrics`)).toBe(404);
    expect(await statusOf(`${probes}/ops/login`)).toBe(200);
  });

  it('let a worker go that an operator drains: it ends without an error, and is not listed any more', async () => {
    const { csrf, call } = await logIn(`${roleOf('dashboard').probes}/ops`);
    const workers = async (): Promise<{ id: string; pid: number }[]> => (await jsonOf(call('/api/workers'))).items;
    const { child } = roleOf('worker');
    const own = (await workers()).find(({ pid }) => pid === child.pid);
    const drain = () => call(`/api/workers/${own?.id}/drain`, { method: 'POST', headers: { 'x-csrf-token': csrf } });
    expect((await drain()).status).toBe(202);
    await ended(child);
    expect([child.exitCode, (await workers()).map(({ pid }) => pid)]).toEqual([
      0,
      expect.not.arrayContaining([child.pid]),
    ]);
    expect((await drain()).status).toBe(404);
  });

  it('end by SIGTERM, on their own and without an error', async () => {
    for (const { child } of roles) child.kill('SIGTERM');
    await Promise.all(roles.map(({ child }) => ended(child)));
    expect(roles.map(({ name, child }) => [name, child.exitCode])).toEqual(roles.map(({ name }) => [name, 0]));
  });
});
