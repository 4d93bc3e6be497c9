/** A RabbitMQ with its management plugin, which costs it much: what it tells of memory and disk is shown. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { rabbitmq } from '../../scripts/stack/rabbitmq.ts';
import { writePrivate } from '../../scripts/stack/secrets.ts';
import { StackServer } from '../../scripts/stack/server.ts';
import { realtimeLane } from '../../src/lanes/realtime/lane.ts';
import { long } from '../support/long.ts';
import { until } from '../support/stack.ts';

describe('RabbitMQ with its management plugin', long, () => {
  const folder = mkdtempSync(join(tmpdir(), 'twolane-management-'));
  const password = 'a-password-of-the-test';
  let server: StackServer;
  let management: string;

  beforeAll(async () => {
    const ports = [await freePort(), await freePort(), await freePort()] as const;
    const port = await freePort();
    management = `http://twolane:${password}@127.0.0.1:${port}/`;
    const program: typeof rabbitmq = {
      ...rabbitmq,
      async prepare(place) {
        await rabbitmq.prepare(place);
        writePrivate(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n');
        appendFileSync(join(folder, 'rabbitmq.conf'), `management.tcp.port = ${port}\nmanagement.tcp.ip = 127.0.0.1\n`);
      },
    };
    server = new StackServer(program, { folder, data: join(folder, 'data'), ports, password, sync: false });
    await server.start();
  }, 180_000);

  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('the lane tells memory and free disk, and says so when the plugin does not answer', async () => {
    const told = async (url: string) => {
      const lane = realtimeLane({ url: server.url, prefix: 'twolane', management: url });
      await lane.ready(10_000);
      const health = await lane.health();
      await lane.close();
      return health;
    };
    const health = await until('a node is counted', async () => {
      const found = await told(management);
      return found.disk ? found : undefined;
    });
    expect(health).toMatchObject({ up: true, note: 'no alarm', disk: { least: 1_000_000_000, used: null } });
    expect(health.disk?.free).toBeGreaterThan(1_000_000_000);
    expect(health.memory?.used).toBeGreaterThan(1_000_000);
    const refused = await told(management.replace(password, 'wrong'));
    expect(refused).toMatchObject({ up: true, note: 'no alarm; the management API fails: it answered 401' });
  });
});
