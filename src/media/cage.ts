/**
 * What a program that touches strangers' bytes is started under: it ends with its parent, gains no privileges, reaches no network,
 * sees no files but its own, and has limits.
 */
import { existsSync } from 'node:fs';
import { hasJail, jail, type Sight } from './jail.ts';
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
  /** All that it may see of the files, where the system can hide the others. Default: everything. */
  sight?: Sight;
}

/** Far more than any of these programs opens at once. */
const openFiles = 512;

/** The words that go before a program and its arguments. Empty where the system has no such tools (macOS). */
export function cage({ sight, ...limits }: CageLimits): string[] {
  const walls = sight && jail(sight);
  const bounds = there([prlimit(limits), nice(limits)]);
  if (walls) return [...bounds, ...walls];
  // The network first: taking it away changes credentials, which would forget that the program ends with its parent.
  return [...withoutNetwork(), ...there([['/usr/bin/setpriv', '--pdeathsig', 'KILL', '--no-new-privs']]), ...bounds];
}

/** What programs that read uploads could reach here and should not, for whoever looks after it. Empty where nothing is missing. */
export function gapsOfCage(): string[] {
  const network = hasJail() || withoutNetwork().length > 0;
  return [...(network ? [] : ['the network']), ...(hasJail() ? [] : ['the files that the worker may read'])];
}

function prlimit({ addressBytes, dataBytes, cpuS, fileBytes = 8 * 1024 ** 3 }: CageLimits): string[] {
  const limits = [
    ...(addressBytes === undefined ? [] : [`--as=${addressBytes}`]),
    ...(dataBytes === undefined ? [] : [`--data=${dataBytes}`]),
    ...(cpuS === undefined ? [] : [`--cpu=${cpuS}:${cpuS + 5}`]),
  ];
  return ['/usr/bin/prlimit', ...limits, `--fsize=${fileBytes}`, `--nofile=${openFiles}`, '--core=0'];
}

function nice({ niceness }: CageLimits): string[] {
  return niceness ? ['/usr/bin/nice', '-n', String(niceness)] : [];
}

/** Those of the programs that this system has, with their arguments. */
function there(layers: readonly string[][]): string[] {
  return layers.filter(([program = '']) => process.platform === 'linux' && existsSync(program)).flat();
}
