/** What only RabbitMQ's management plugin tells, where an installation has it: memory and disk of its nodes. */
import type { LaneHealth } from '../../contract/lane.ts';
import { limits } from './config.ts';

/** Of a node, by the names of the plugin. Bytes. */
interface Node {
  running?: boolean;
  mem_used?: number;
  mem_limit?: number;
  disk_free?: number;
  disk_free_limit?: number;
}

/**
 * The fullest memory and the disk with the least room over its limit, among the nodes that run.
 * @param url `http://user:password@host:15672`; the user needs the tag `monitoring`
 * @throws Error when it does not answer
 */
export async function askManagement(url: string): Promise<Pick<LaneHealth, 'memory' | 'disk'>> {
  const { username, password, origin, pathname } = new URL(url);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const answer = await fetch(`${origin}${pathname.replace(/\/$/, '')}/api/nodes`, {
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
    signal: AbortSignal.timeout(limits.askMs),
  });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  const nodes = ((await answer.json()) as Node[]).filter(({ running }) => running !== false);
  const [fullest] = nodes.toSorted((a, b) => filled(b) - filled(a));
  const [tightest] = nodes.toSorted((a, b) => room(a) - room(b));
  return {
    ...(fullest?.mem_used !== undefined && { memory: { used: fullest.mem_used, most: fullest.mem_limit ?? null } }),
    ...(tightest?.disk_free !== undefined && {
      disk: { free: tightest.disk_free, least: tightest.disk_free_limit ?? null, used: null },
    }),
  };
}

const filled = ({ mem_used = 0, mem_limit = 1 }: Node) => mem_used / mem_limit;
const room = ({ disk_free = Number.POSITIVE_INFINITY, disk_free_limit = 0 }: Node) => disk_free - disk_free_limit;
