/** Which processes of this machine are the servers of the benchmark. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The process that listens at the URL's port; undefined when it is not on this machine, or not ours to look at. */
export function listenerOf(url: string): number | undefined {
  const { hostname, port } = new URL(url);
  if (!/^(127\.|localhost$|\[::1\]$)/.test(hostname)) return undefined;
  const sockets = new Set(listeningSockets(Number(port)).map((inode) => `socket:[${inode}]`));
  if (sockets.size === 0) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b)
    .find((pid) => descriptorsOf(pid).some((target) => sockets.has(target)));
}

/** The inodes of the sockets that listen at the port. */
function listeningSockets(port: number): string[] {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) =>
    linesOf(table)
      .map((line) => line.trim().split(/\s+/))
      // Local address, state (0A listens) and inode.
      .filter(([, local, , state]) => local?.endsWith(wanted) && state === '0A')
      .map((fields) => fields[9] as string),
  );
}

function descriptorsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
