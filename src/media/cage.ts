/**
 * What a program that touches strangers' bytes is started under: it ends with its parent, gains no privileges, reaches no network,
 * and has limits.
 */
import { existsSync } from 'node:fs';
import { withoutNetwork } from './no-network.ts';

export interface CageLimits {
  /** Address space, bytes. */
  addressBytes?: number;
  /** Private memory that can be written to, bytes: unlike address space it says what a program really takes. */
  dataBytes?: number;
  /** Processor time over the life of the process, seconds; the kernel ends it then, by SIGXCPU. */
  cpuS?: number;
  /** The largest file that it may write, bytes. Default 8 GiB. */
  fileBytes?: number;
  /** How far it gives way to others, 0 to 19. Default 0. */
  niceness?: number;
}

/** Far more than any of these programs opens at once. */
const openFiles = 512;

/** The words that go before a program and its arguments. Empty where the system has no such tools (macOS). */
export function cage({ addressBytes, dataBytes, cpuS, fileBytes = 8 * 1024 ** 3, niceness }: CageLimits): string[] {
  const limits = [
    ...(addressBytes === undefined ? [] : [`--as=${addressBytes}`]),
    ...(dataBytes === undefined ? [] : [`--data=${dataBytes}`]),
    ...(cpuS === undefined ? [] : [`--cpu=${cpuS}:${cpuS + 5}`]),
  ];
  const layers: [string, string[]][] = [
    ['/usr/bin/setpriv', ['--pdeathsig', 'KILL', '--no-new-privs']],
    ['/usr/bin/prlimit', [...limits, `--fsize=${fileBytes}`, `--nofile=${openFiles}`, '--core=0']],
    ...(niceness ? [['/usr/bin/nice', ['-n', String(niceness)]] satisfies [string, string[]]] : []),
  ];
  const there = layers.filter(([program]) => process.platform === 'linux' && existsSync(program));
  // The network first: taking it away changes credentials, which would forget that the program ends with its parent.
  return [...withoutNetwork(), ...there.flat(2)];
}
