/** A decoder has nothing to say to anybody: where the kernel allows it, it runs in a network of its own, which is empty. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const unshare = '/usr/bin/unshare';
/** For root, and for everybody else where users may have namespaces of their own. */
const ways = [['--net'], ['--user', '--map-current-user', '--net']];

let found: readonly string[] | undefined;

/** The words before a program that leave it without a network; empty where the system has no such means. Asked once. */
export function withoutNetwork(): readonly string[] {
  found ??= process.platform === 'linux' && existsSync(unshare) ? firstThatWorks() : [];
  return found;
}

function firstThatWorks(): readonly string[] {
  const way = ways.find((flags) => spawnSync(unshare, [...flags, '--', '/bin/true'], { timeout: 5_000 }).status === 0);
  return way ? [unshare, ...way, '--'] : [];
}
