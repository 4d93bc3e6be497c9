/** What a program that touches strangers' bytes is started under: it ends with its parent, gains no privileges, and has limits. */
import { existsSync } from 'node:fs';

export interface CageLimits {
  /** Address space, bytes. */
  addressBytes?: number;
  /** Private memory that can be written to, bytes: unlike address space it says what a program really takes. */
  dataBytes?: number;
  /** Processor time over the life of the process, seconds; the kernel ends it then, by SIGXCPU. */
  cpuS?: number;
  /** How far it gives way to others, 0 to 19. Default 0. */
  niceness?: number;
}

/** The words that go before a program and its arguments. Empty where the system has no such tools (macOS). */
export function cage({ addressBytes, dataBytes, cpuS, niceness }: CageLimits): string[] {
  const limits = [
    ...(addressBytes === undefined ? [] : [`--as=${addressBytes}`]),
    ...(dataBytes === undefined ? [] : [`--data=${dataBytes}`]),
    ...(cpuS === undefined ? [] : [`--cpu=${cpuS}:${cpuS + 5}`]),
  ];
  const layers: [string, string[]][] = [
    ['/usr/bin/setpriv', ['--pdeathsig', 'KILL', '--no-new-privs']],
    ['/usr/bin/prlimit', [...limits, '--core=0']],
    ...(niceness ? [['/usr/bin/nice', ['-n', String(niceness)]] satisfies [string, string[]]] : []),
  ];
  return layers.flatMap(([program, args]) =>
    process.platform === 'linux' && existsSync(program) ? [program, ...args] : [],
  );
}
