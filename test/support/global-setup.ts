/** Gives every project of a test run the same servers: started by the first one, stopped and removed after the last. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Stack, type StackUrls, startStack } from '../../scripts/stack/index.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { migrate, platformMigrations } from '../../src/ledger/migrate.ts';
import { buildPages } from './build-pages.ts';
import { makePlainScripts } from './plain-scripts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    urls: StackUrls;
    /** A database with the tables of the platform, to be copied. */
    template: string;
    /** The folder of the sources as JavaScript. */
    scripts: string;
  }
}

interface Servers {
  stack: Stack;
  template: string;
  scripts: string;
  remove(): Promise<void>;
}

interface Shared {
  servers: Promise<Servers>;
  users: number;
}

/** Projects load this module separately, so what they share hangs on the process. */
const holder = globalThis as typeof globalThis & { twolaneTestStack?: Shared };

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  holder.twolaneTestStack ??= { servers: start(), users: 0 };
  const shared = holder.twolaneTestStack;
  shared.users += 1;
  const { stack, template, scripts, remove } = await shared.servers;
  project.provide('urls', stack.urls);
  project.provide('template', template);
  project.provide('scripts', scripts);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    delete holder.twolaneTestStack;
    await remove();
  };
}

async function start(): Promise<Servers> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-test-'));
  const [stack, scripts] = await Promise.all([
    startStack({ folder, sync: false, environment: process.env }),
    makePlainScripts(),
    buildPages(),
  ]);
  const template = `test_template_${process.pid}`;
  await inDatabase(stack.urls.DATABASE_URL, (root) => root.query(`create database ${template}`));
  const url = new URL(stack.urls.DATABASE_URL);
  url.pathname = `/${template}`;
  await inDatabase(url.href, (database) => migrate(database, [platformMigrations]));
  return {
    stack,
    template,
    scripts: scripts.folder,
    async remove() {
      await scripts.remove();
      await inDatabase(stack.urls.DATABASE_URL, (root) => root.query(`drop database ${template} with (force)`));
      await stack.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function inDatabase(url: string, work: (database: Database) => Promise<unknown>): Promise<void> {
  const database = openDatabase({ url });
  await work(database).finally(() => database.close());
}
