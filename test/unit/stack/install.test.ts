import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dockerUrls } from '../../../scripts/stack/docker.ts';
import { otherWays } from '../../../scripts/stack/install.ts';
import { missingNeeds, type Need, needs, packagesFor } from '../../../scripts/stack/needs.ts';
import { sizeInWords } from '../../../scripts/stack/package-managers.ts';

const absent: Need[] = needs.map((need) => ({ ...need, isThere: () => false }));
const titles = (list: readonly Need[]) => list.map(({ title }) => title);

describe('what is missing', () => {
  it('is servers, ffmpeg and vips for a start, a browser and ExifTool as well for tests, peers for the benchmark', () => {
    expect(titles(missingNeeds('start', {}, absent))).toEqual([
      'PostgreSQL',
      'Redis',
      'RabbitMQ',
      'ffmpeg',
      "libvips' tools",
      'bubblewrap',
    ]);
    expect(titles(missingNeeds('test', {}, absent))).toEqual([
      'PostgreSQL',
      'Redis',
      'RabbitMQ',
      'ffmpeg',
      "libvips' tools",
      'bubblewrap',
      'Chromium',
      'ExifTool',
      'MediaInfo',
      "libheif's tools",
      "Gearman's client",
      'promtool',
      'libfaketime',
      'Celery',
      'zsh',
      'fish',
    ]);
    const forStart = titles(missingNeeds('start', {}, absent));
    expect(titles(missingNeeds('bench', {}, absent))).toEqual([...forStart, 'Celery', "Gearman's server"]);
  });

  it('does not count a server whose URL is given, nor what is installed', () => {
    const environment = { DATABASE_URL: 'postgres://elsewhere/db', AMQP_URL: '' };
    const some = absent.map((need) => (need.title === 'ffmpeg' ? { ...need, isThere: () => true } : need));
    expect(titles(missingNeeds('start', environment, some))).toEqual([
      'Redis',
      'RabbitMQ',
      "libvips' tools",
      'bubblewrap',
    ]);
  });

  it('turns into the package names of the system', () => {
    const missing = missingNeeds('start', {}, absent);
    expect(packagesFor(missing, 'debian')).toEqual([
      'postgresql',
      'redis-server',
      'rabbitmq-server',
      'ffmpeg',
      'libvips-tools',
      'bubblewrap',
    ]);
    expect(packagesFor(missing, 'homebrew')).toEqual(['postgresql@17', 'redis', 'rabbitmq', 'ffmpeg', 'vips']);
  });
});

describe('the question before an installation', () => {
  it('tells the sizes that apt-get reports', () => {
    const fresh =
      'Need to get 30.9 kB of archives.\nAfter this operation, 136 kB of additional disk space will be used.\n';
    expect(sizeInWords(fresh)).toBe('30.9 kB to download, 136 kB on disk');
    const cached = 'Need to get 12.1 MB/187 MB of archives.\nAfter this operation, 1,024 MB of additional disk space';
    expect(sizeInWords(cached)).toBe('187 MB to download, 1,024 MB on disk');
  });

  it('leaves the sizes out when apt-get does not tell them', () => {
    expect(sizeInWords('E: Unable to locate package nothing\n')).toBeUndefined();
  });
});

describe('the way without a package manager', () => {
  it('names the one Docker command and the three URLs for servers', () => {
    const text = otherWays(missingNeeds('start', {}, absent), 'there is neither apt-get nor Homebrew');
    expect(text).toContain('docker compose -f deploy/compose.yaml up -d --wait');
    for (const [name, url] of Object.entries(dockerUrls)) expect(text).toContain(`export ${name}=${url}`);
    expect(text).toMatch(/package manager: ffmpeg, libvips' tools\.$/);
  });

  it('does not offer Docker for programs that it would not bring', () => {
    const text = otherWays(
      absent.filter(({ title }) => title === 'ffmpeg'),
      'TWOLANE_INSTALL is "no"',
    );
    expect(text).not.toContain('docker');
  });
});

describe('deploy/compose.yaml', () => {
  const compose = parse(readFileSync(new URL('../../../deploy/compose.yaml', import.meta.url), 'utf8')) as {
    services: Record<
      string,
      { ports: string[]; healthcheck: { test: string[] }; volumes: string[]; command?: string[] }
    >;
  };

  it('listens on the loopback ports that the printed URLs name', () => {
    const published = Object.values(compose.services).flatMap(({ ports }) => ports);
    for (const url of Object.values(dockerUrls)) {
      const { hostname, port } = new URL(url);
      expect(published.some((line) => line.startsWith(`${hostname}:${port}:`))).toBe(true);
    }
  });

  it('keeps data and checks health for every server, and lets Redis drop nothing', () => {
    for (const service of Object.values(compose.services)) {
      expect(service.volumes).toHaveLength(1);
      expect(service.healthcheck.test[0]).toBe('CMD');
    }
    expect(compose.services.redis?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
  });
});
