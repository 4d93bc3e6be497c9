/** Who may import whom, as a table. A file that breaks it fails here, with the line to blame. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** For the files under each folder: the folders and files of the project that they may import. The longest folder counts. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'src/contract': [],
  'src/settings.ts': [],
  'src/config.ts': ['src/contract', 'src/settings.ts'],
  'src/lanes/realtime': ['src/contract'],
  'src/lanes/bulk': ['src/contract'],
  'src/lanes/memory': ['src/contract'],
  'src/ledger': ['src/contract'],
  'src/enqueue': ['src/contract'],
  'src/files': ['src/contract'],
  'src/media': ['src/contract', 'src/outgoing'],
  'src/telemetry': ['src/contract'],
  'src/outgoing': ['src/contract'],
  'src/webhooks': ['src/contract', 'src/outgoing'],
  'src/alerts': ['src/contract', 'src/outgoing', 'src/webhooks/sign.ts'],
  'src/alert-parts.ts': ['src/config.ts', 'src/contract', 'src/core.ts', 'src/alerts', 'src/outgoing'],
  'src/http': ['src/contract'],
  'src/social': ['src/contract', 'src/http', 'src/outgoing', 'src/webhooks/sign.ts', 'jobs/realtime'],
  'src/api': ['src/contract', 'src/http', 'src/config.ts'],
  'src/core.ts': ['src/contract', 'src/config.ts', 'src/enqueue', 'src/ledger', 'src/lanes'],
  'src/moving': ['src/contract'],
  // Celery's messages travel on RabbitMQ and BullMQ's jobs in Redis: connecting and connecting again is what the lanes know.
  'src/moving/celery': ['src/contract', 'src/lanes/realtime', 'src/moving'],
  'src/moving/bullmq': ['src/contract', 'src/lanes/bulk', 'src/moving'],
  'src/moving/gearman': ['src/contract', 'src/moving', 'src/version.ts'],
  'src/media-parts.ts': ['src/contract', 'src/core.ts', 'src/media', 'src/outgoing'],
  'src/webhook-parts.ts': ['src/contract', 'src/core.ts', 'src/outgoing', 'src/webhooks'],
  'src/product-parts.ts': ['src/contract', 'src/core.ts', 'src/webhooks'],
  'src/files-part.ts': ['src/contract', 'src/config.ts', 'src/files'],
  'src/selection.ts': ['src/contract', 'src/config.ts'],
  'src/client': [],
  'src/cli': [
    'src/app-file.ts',
    'src/contract',
    'src/config.ts',
    'src/selection.ts',
    'src/twolane.ts',
    'src/version.ts',
    'src/client',
    'src/media/cage.ts',
    'src/moving',
    'src/http/audit.ts',
    'src/http/auth/keys.ts',
    'src/http/auth/operators.ts',
    'src/ledger/backlog.ts',
    'src/ledger/migrate.ts',
    'workers/app.ts',
    'workers/roles.ts',
    'workers/run.ts',
    'workers/steps/parse-payload.ts',
    'scripts/run',
    'scripts/stack',
  ],
  'src/version.ts': [],
  'src/kysely.ts': ['src/contract'],
  'src/overrides.ts': ['src/contract', 'src/options.ts'],
  'src/app-file.ts': ['src/contract', 'src/config.ts', 'src/options.ts', 'src/overrides.ts'],
  'src/options.ts': [
    'src',
    'workers/run-worker.ts',
    'workers/isolated/serve.ts',
    'dashboard/deps.ts',
    'jobs/services.ts',
  ],
  'src/processes.ts': ['src/contract', 'src/config.ts', 'src/core.ts', 'src/ledger', 'workers/run-worker.ts'],
  'src/testing': ['src'],
  'src/twolane.ts': ['src', 'workers/run-worker.ts', 'dashboard'],
  'src/index.ts': ['src', 'jobs', 'dashboard/deps.ts'],
  jobs: ['src/contract', 'src/media', 'src/social', 'src/webhooks'],
  workers: ['src/contract', 'src/ledger'],
  'workers/app.ts': ['src', 'jobs'],
  'workers/isolated': ['src/contract', 'src/ledger', 'workers'],
  'workers/isolated/child.ts': ['src/contract', 'src/config.ts', 'src/app-file.ts', 'workers/script.ts'],
  'workers/watch': ['workers'],
  'workers/parts.ts': ['src/http', 'src/twolane.ts'],
  'workers/run.ts': ['src/twolane.ts'],
  'workers/roles.ts': ['src/twolane.ts'],
  dashboard: ['src/contract', 'src/http'],
};

/** Libraries that belong to one place, so that changing one is a change of that place. */
const onlyIn: Readonly<Record<string, readonly string[]>> = {
  'openid-client': ['src/http/auth'],
  amqplib: ['src/lanes/realtime', 'src/cli/doctor'],
  // The bridge reads queues that BullMQ's own producers write.
  bullmq: ['src/lanes/bulk', 'src/moving/bullmq'],
  ioredis: ['src/lanes/bulk', 'src/social', 'src/cli/doctor'],
  pg: ['src/ledger', 'src/cli/doctor'],
  '@electric-sql/pglite': ['src/testing'],
  croner: ['src/ledger/schedules'],
  cronstrue: ['src/ledger/schedules'],
  sharp: ['src/media/image', 'src/cli/doctor'],
  'fluent-ffmpeg': ['src/media/video'],
  commander: ['src/cli'],
  'openapi-fetch': ['src/client'],
  'ipaddr.js': ['src/outgoing'],
  standardwebhooks: ['src/webhooks'],
  'web-push': ['src/outgoing'],
  '@aws-sdk/client-s3': ['src/files/s3-bucket.ts'],
  '@aws-sdk/lib-storage': ['src/files/s3-bucket.ts'],
  '@aws-sdk/s3-request-presigner': ['src/files/s3-bucket.ts'],
  '@tus/server': ['src/api/tus'],
  cors: ['src/http'],
  express: ['src/http', 'src/api', 'dashboard', 'src/options.ts', 'workers/parts.ts'],
};

interface Import {
  file: string;
  /** A path of the project, or the name of a package. */
  target: string;
  typeOnly: boolean;
}

const files = ['src', 'jobs', 'workers', 'dashboard'].flatMap(sources);
const imports = files.flatMap(importsOf);
const ownImports = imports.filter(({ target }) => /^(src|jobs|workers|dashboard|test|scripts|bench)\//.test(target));

describe('Imports', () => {
  test('there is something to check', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(ownImports.length).toBeGreaterThan(200);
  });

  test('every file imports only from where the table allows', () => {
    const wrong = ownImports.filter((one) => !allowed(one)).map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  test('a handler takes code from its own definition and other definitions only; services reach it as arguments', () => {
    const wrong = ownImports
      .filter(({ file, typeOnly }) => file.endsWith('.handler.ts') && !typeOnly)
      .filter(({ target }) => !target.endsWith('.job.ts') && !target.startsWith('src/contract/'))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  test('API and dashboard never load a handler, workers never load API or dashboard', () => {
    for (const entry of ['src/api/app.ts', 'dashboard/app.ts']) {
      expect(reachable(entry).filter((file) => file.endsWith('.handler.ts'))).toEqual([]);
    }
    const worker = reachable('workers/run-worker.ts');
    expect(worker.filter((file) => /^(src\/api|dashboard)\//.test(file))).toEqual([]);
  });

  test('nothing of the platform loads the social product', () => {
    const platform = reachable('src/twolane.ts');
    expect(platform).toContain('src/ledger/ledger.ts');
    expect(platform.filter((file) => file.startsWith('src/social/'))).toEqual([]);
  });

  test('each library is used only where it belongs', () => {
    const wrong = imports
      .filter(({ target, typeOnly }) => onlyIn[target] && !typeOnly)
      .filter(({ file, target }) => !(onlyIn[target] ?? []).some((place) => within(file, place)))
      .map(({ file, target }) => `${file} imports ${target}`);
    expect(wrong).toEqual([]);
  });

  test('only the configuration reads the environment', () => {
    const readers = files.filter((file) => /process\.env\b/.test(read(file)) && file !== 'src/config.ts');
    expect(readers.filter((file) => !file.startsWith('dashboard/web/'))).toEqual([]);
  });

  test('there is no cycle', () => {
    expect(cycles()).toEqual([]);
  });
});

function allowed({ file, target }: Import): boolean {
  const rule = Object.keys(mayImport)
    .filter((place) => within(file, place))
    .sort((a, b) => b.length - a.length)[0];
  if (rule === undefined) return false;
  const own = rule.endsWith('.ts') ? dirname(rule) : rule;
  return within(target, own) || (mayImport[rule] ?? []).some((place) => within(target, place));
}

function within(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('/web/') && !name.endsWith('.d.ts'));
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function importsOf(file: string): Import[] {
  const found = read(file).matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  return [...found].map(([, type, target = '']) => ({
    file,
    typeOnly: type !== undefined,
    target: target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)) : target,
  }));
}

function reachable(entry: string): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const one of ownImports) if (one.file === file && !one.typeOnly) visit(one.target);
  };
  visit(entry);
  return [...seen];
}

function cycles(): string[] {
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, path: string[]) => {
    if (path.includes(file)) return void found.add([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file)) return;
    for (const one of ownImports) if (one.file === file && !one.typeOnly) visit(one.target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return [...found];
}
