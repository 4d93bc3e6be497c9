/** What a child process that touches strangers' bytes gets to know of this one: where programs are, and no secret. */
import { existsSync } from 'node:fs';

const path = '/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The allocator that keeps a long-lived image process small, where the system has it. */
const allocators = [
  '/usr/lib/x86_64-linux-gnu/libjemalloc.so.2',
  '/usr/lib/aarch64-linux-gnu/libjemalloc.so.2',
  '/usr/lib64/libjemalloc.so.2',
];

export function toolEnvironment(): Record<string, string> {
  return { PATH: path, LC_ALL: 'C' };
}

/** Few arenas of malloc where there is no jemalloc: both keep freed pixels from staying with the process. */
export function imageEnvironment(): Record<string, string> {
  const allocator = allocators.find((file) => existsSync(file));
  return {
    ...toolEnvironment(),
    MALLOC_ARENA_MAX: '2',
    UV_THREADPOOL_SIZE: '4',
    ...(allocator && { LD_PRELOAD: allocator }),
  };
}
