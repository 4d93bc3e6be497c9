/** Gives every project of a test run the same servers: started by the first one, stopped and removed after the last. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Stack, type StackUrls, startStack } from '../../scripts/stack/index.ts';

declare module 'vitest' {
  interface ProvidedContext {
    urls: StackUrls;
  }
}

interface Shared {
  stack: Promise<{ stack: Stack; folder: string }>;
  users: number;
}

/** Projects load this module separately, so what they share hangs on the process. */
const holder = globalThis as typeof globalThis & { twolaneTestStack?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  holder.twolaneTestStack ??= { stack: start(), users: 0 };
  const shared = holder.twolaneTestStack;
  shared.users += 1;
  const { stack, folder } = await shared.stack;
  project.provide('urls', stack.urls);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete holder.twolaneTestStack;
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function start(): Promise<{ stack: Stack; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-test-'));
  return { folder, stack: await startStack({ folder, sync: false, environment: process.env }) };
}
