/** What a chaos run hurts: private servers, the fleet between them and its clients, and a connection of its own to look with. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type ServerName, type Stack, type StackServer, startStack } from '../../scripts/stack/index.ts';
import type { Lane, LaneName } from '../../src/contract/index.ts';
import { bulkLane } from '../../src/lanes/bulk/lane.ts';
import { realtimeLane } from '../../src/lanes/realtime/lane.ts';
import { makePlainScripts } from '../support/plain-scripts.ts';
import { environmentFor, prefix } from './environment.ts';
import { Fleet } from './fleet.ts';
import { effectsTable } from './jobs.ts';

export class World {
  readonly folder: string;
  readonly stack: Stack;
  readonly fleet: Fleet;
  /** Straight to the servers, not through anything that is hurt but the servers themselves. */
  readonly lanes: ReadonlyMap<LaneName, Lane>;
  readonly #pool: pg.Pool;
  readonly #removeScripts: () => Promise<void>;

  private constructor(
    parts: Pick<World, 'folder' | 'stack' | 'fleet' | 'lanes'>,
    pool: pg.Pool,
    remove: () => Promise<void>,
  ) {
    this.folder = parts.folder;
    this.stack = parts.stack;
    this.fleet = parts.fleet;
    this.lanes = parts.lanes;
    this.#pool = pool;
    this.#removeScripts = remove;
  }

  /** @param options.size processes of each kind. Default 2 */
  static async start({ size = 2 } = {}): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), 'twolane-chaos-'));
    mkdirSync(join(folder, 'stack'), { recursive: true });
    const [stack, scripts] = await Promise.all([
      startStack({ folder: join(folder, 'stack'), sync: false, environment: {} }),
      makePlainScripts(),
    ]);
    const { urls } = stack;
    const pool = new pg.Pool({ connectionString: urls.DATABASE_URL, max: 4, connectionTimeoutMillis: 5_000 });
    // Its server is killed now and then.
    pool.on('error', () => undefined);
    await pool.query(effectsTable);
    const environment = environmentFor(urls, folder);
    const fleet = await Fleet.start({ scripts: scripts.folder, folder, urls, environment, size });
    const lanes = new Map<LaneName, Lane>([
      ['realtime', realtimeLane({ url: urls.AMQP_URL, prefix })],
      ['bulk', bulkLane({ url: urls.REDIS_URL, prefix })],
    ]);
    await Promise.all([...lanes.values()].map((lane) => lane.start()));
    return new World({ folder, stack, fleet, lanes }, pool, scripts.remove);
  }

  server(name: ServerName): StackServer {
    return this.stack.server(name);
  }

  /** Where a server keeps its data. */
  dataOf(name: ServerName): string {
    return join(this.folder, 'stack', name, 'data');
  }

  /** Asks the database, again and again while it is away. */
  async query<R>(text: string, values: unknown[] = [], patienceMs = 60_000): Promise<R[]> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        return (await this.#pool.query(text, values)).rows as R[];
      } catch (error) {
        const { code = '' } = error as { code?: string };
        const refused = /^[0-9A-Z]{5}$/.test(code) && !/^(08|57|53)/.test(code);
        if (refused || Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Ends everything. @param keep leaves the logs and ledgers where they are */
  async stop(keep = false): Promise<void> {
    await this.fleet.stop();
    await Promise.all([...this.lanes.values()].map((lane) => lane.close()));
    await this.#pool.end();
    await this.stack.stop();
    await this.#removeScripts();
    if (!keep) rmSync(this.folder, { recursive: true, force: true });
  }
}
