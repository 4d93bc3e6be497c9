/** Files that want another file or an address to be read: nothing is read, nobody is called, and what decodes them has limits. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { announcedBy } from '../../../src/media/attempt.ts';
import { cage } from '../../../src/media/cage.ts';
import { toolEnvironment } from '../../../src/media/child-environment.ts';
import { imagePool, mediaCodes, videoMaker } from '../../../src/media/index.ts';
import { hasJail } from '../../../src/media/jail.ts';
import { withoutNetwork } from '../../../src/media/no-network.ts';
import { verifyFiles } from '../../../src/media/verify/index.ts';
import { runFfmpeg, runFfprobe } from '../../../src/media/video/run.ts';
import { quarters } from '../../support/pictures.ts';
import { renderers } from '../../support/processes.ts';
import { type Canary, canary, dataTrap, imageTraps, lures, referringMov, videoTraps } from '../../support/traps.ts';
import { clip, makeVideo, probe } from '../../support/videos.ts';

const run = promisify(execFile);
const images = imagePool({ processes: 2 });
const videos = videoMaker({ images });
const { signal } = new AbortController();
let scratch = '';
let bird: Canary;
let made = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-hostile-'));
  bird = await canary(join(scratch, 'canary.mp4'));
});
afterAll(async () => {
  images.close();
  bird.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Folders of one attempt, with the trap beside the canary, so that a neighbour is within reach. */
async function attempt(name: string, content: string | Buffer) {
  made += 1;
  const input = join(scratch, `${made}-${name.replaceAll(/\W/g, '-')}`);
  await writeFile(input, content);
  const output = `${input}.output`;
  const folder = `${input}.scratch`;
  await Promise.all([mkdir(output), mkdir(folder)]);
  return { input, output, scratch: folder };
}

const ending = (work: Promise<unknown>) =>
  work.then(
    () => 'ready',
    (error: { code?: string }) => error.code ?? String(error),
  );

async function expectSilence() {
  expect(await bird.wasRead()).toBe(false);
  expect(bird.requests()).toBe(0);
}

describe('Without guards', { tags: ['security'] }, () => {
  it.each(Object.entries(lures))('a reader is lured by %s, and the canary notices', async (name, options) => {
    const other = await canary(join(scratch, 'other.mp4'));
    const trap = join(scratch, 'open');
    await writeFile(trap, videoTraps(other)[name] ?? '');
    await other.arm();
    await probe(trap, ...options, '-show_streams').catch(() => undefined);
    expect((await other.wasRead()) || other.requests() > 0).toBe(true);
    other.close();
  });

  it('a reader opens what a playlist holds itself', async () => {
    const trap = join(scratch, 'data');
    await writeFile(trap, await dataTrap(scratch));
    const all = [
      '-protocol_whitelist',
      'file,data',
      '-allowed_extensions',
      'ALL',
      '-allowed_segment_extensions',
      'ALL',
    ];
    const options = ['-f', 'hls', ...all, '-extension_picky', '0'];
    expect(await probe(trap, ...options, '-show_streams')).toMatchObject([{ codec_name: 'h264' }]);
  });
});

describe('A trap for readers of videos', { timeout: 90_000, tags: ['security'] }, () => {
  it('is refused, and neither file nor address is touched', async () => {
    await bird.arm();
    const traps = Object.entries({ ...videoTraps(bird), 'hls, data': await dataTrap(scratch) });
    for (let at = 0; at < traps.length; at += 4)
      await Promise.all(
        traps.slice(at, at + 4).map(async ([name, content]) => {
          const code = await ending(makeVideo(videos, await attempt(name, content), signal));
          expect(code, name).toBe('invalid_video');
        }),
      );
    await expectSilence();
  });

  it('that says where its pictures are, in a real container, gets none of them', async () => {
    await clip(join(scratch, 'real.mov'), { width: 64, height: 64, seconds: 1, sound: false });
    await bird.arm();
    for (const target of [`file://${bird.path}`, bird.url, 'canary.mp4']) {
      const trap = await attempt('reference', '');
      await referringMov(join(scratch, 'real.mov'), trap.input, target);
      const code = await ending(makeVideo(videos, trap, signal));
      expect(code === 'ready' || code in mediaCodes, code).toBe(true);
    }
    await expectSilence();
  });
});

describe('A trap for readers of images', { timeout: 60_000, tags: ['security'] }, () => {
  it('is refused, and neither file nor address is touched', async () => {
    await bird.arm();
    for (const [name, content] of Object.entries(imageTraps(bird))) {
      const { input, output } = await attempt(name, content);
      expect(await ending(images.render(input, output, signal)), name).toMatch(/^(invalid_image|unsupported_format)$/);
      expect(await readdir(output), name).toEqual([]);
    }
    await expectSilence();
  });

  it('that is two things at once comes out as a picture alone', async () => {
    const { default: sharp } = await import('sharp');
    const script = '<script>fetch("/canary")</script>';
    for (const format of ['jpeg', 'png', 'gif', 'webp'] as const) {
      const { input, output } = await attempt(format, '');
      await sharp(await quarters(40, 40))
        .toFormat(format)
        .toFile(input);
      await appendFile(input, `${script}PK\x05\x06${'\0'.repeat(18)}`);
      const image = await images.render(input, output, signal);
      await verifyFiles(output, announcedBy(image), signal);
      for (const name of await readdir(output)) {
        const bytes = await readFile(join(output, name), 'latin1');
        expect(bytes.includes('script'), name).toBe(false);
        expect(bytes.includes('PK\x05\x06'), name).toBe(false);
      }
    }
  });
});

describe.skipIf(process.platform !== 'linux')('A program that reads uploads', { tags: ['security'] }, () => {
  const within = (...command: string[]) => {
    const [program = '', ...args] = [...cage({ addressBytes: 1024 ** 3, cpuS: 60 }), ...command];
    return run(program, args, { env: toolEnvironment() });
  };

  it('knows nothing of the environment', async () => {
    process.env.DATABASE_PASSWORD = 'canary';
    const { stdout } = await within('env');
    delete process.env.DATABASE_PASSWORD;
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split('=')[0])
        .toSorted(),
    ).toEqual(['LC_ALL', 'PATH']);
  });

  it('has limits to memory, time, files and what it opens, and gains no privileges', async () => {
    const { stdout: limits } = await within('cat', '/proc/self/limits');
    const limitOf = (name: string) => Number(new RegExp(`^Max ${name} +(\\d+)`, 'm').exec(limits)?.[1]);
    expect(limitOf('address space')).toBe(1024 ** 3);
    expect(limitOf('cpu time')).toBe(60);
    expect(limitOf('file size')).toBe(8 * 1024 ** 3);
    expect(limitOf('open files')).toBe(512);
    expect(limitOf('core file size')).toBe(0);
    expect((await within('cat', '/proc/self/status')).stdout).toMatch(/^NoNewPrivs:\t1$/m);
  });

  it('reaches no network, where the kernel allows that', async ({ skip }) => {
    if (withoutNetwork().length === 0) skip('namespaces are not allowed here: `twolane doctor` says so');
    const { hostname, port } = new URL(bird.url);
    const connect = `exec 3<>/dev/tcp/${hostname}/${port}`;
    await run('bash', ['-c', connect]);
    expect(bird.requests()).toBe(1);
    await expect(within('bash', '-c', connect)).rejects.toThrow(/unreachable/);
    expect((await within('cat', '/proc/net/dev')).stdout).not.toMatch(/eth|ens|veth/);
    expect(bird.requests()).toBe(1);
  });

  it('ends with the process that started it', async () => {
    const starter = `require('child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'inherit' })`;
    const child = execFile(process.execPath, ['-e', starter, ...cage({}), 'sh', '-c', 'echo $$; exec sleep 60']);
    const pid = await new Promise<number>((resolve) => child.stdout?.once('data', (text) => resolve(Number(text))));
    child.kill('SIGKILL');
    const { until } = await import('../../support/stack.ts');
    const { isAlive } = await import('../../support/alive.ts');
    await until('the end', () => !isAlive(pid), { timeoutMs: 5_000 });
  });
});

describe.skipIf(process.platform !== 'linux')('Files of others', { tags: ['security'], timeout: 60_000 }, () => {
  let own = '';
  let secret = '';

  beforeAll(async () => {
    own = join(scratch, 'own');
    await mkdir(join(own, 'given'), { recursive: true });
    secret = join(scratch, 'others.mp4');
    await clip(secret, { width: 64, height: 64, seconds: 1, sound: false });
    await copyFile(secret, join(own, 'mine.mp4'));
  });

  const jailed = (script: string) => {
    const sight = { write: [own], read: [join(own, 'given')] };
    const [program = '', ...args] = [...cage({ sight, cpuS: 60 }), 'sh', '-c', script];
    return run(program, args, { env: toolEnvironment() });
  };
  const unlessAllowed = (skip: (why: string) => void) => {
    if (!hasJail()) skip('bubblewrap is not installed, or not allowed here: `twolane doctor` says so');
  };

  it('are not there for a program that is given its own, nor are processes, the network or privileges', async ({
    skip,
  }) => {
    unlessAllowed(skip);
    await expect(jailed(`cat ${secret}`)).rejects.toThrow(/No such file/);
    await expect(jailed(`touch ${own}/given/changed`)).rejects.toThrow(/Read-only/);
    const { stdout } = await jailed(
      `touch ${own}/made; ls ${scratch} /etc /root /home 2>/dev/null; ls -d /proc/[0-9]*; cat /proc/net/dev /proc/self/status`,
    );
    expect(await readdir(own)).toContain('made');
    expect(stdout).toContain(`${scratch}:\nown\n`);
    expect(stdout).not.toMatch(/passwd|others|eth|ens/);
    expect(stdout.match(/^\/proc\/\d+$/gm)?.length).toBeLessThan(5);
    expect(stdout).toMatch(/^CapEff:\t0+$/m);
    expect(stdout).toMatch(/^NoNewPrivs:\t1$/m);
  });

  it('are out of reach for ffmpeg and ffprobe', async ({ skip }) => {
    unlessAllowed(skip);
    const show = (path: string) => runFfprobe(['-v', 'error', '-show_format', path], { cwd: own, signal });
    expect(await show('mine.mp4')).toContain('format_name=mov');
    await expect(show(secret)).rejects.toThrow(/No such file/);
    const copyTo = (path: string) => {
      const input = { path: secret, options: ['-nostdin'] };
      return runFfmpeg({ inputs: [input], outputs: [{ path, options: ['-c', 'copy'] }] }, { cwd: own, signal });
    };
    await expect(copyTo('stolen.mp4')).rejects.toThrow(/No such file/);
    expect(await readdir(own)).not.toContain('stolen.mp4');
  });

  it('are out of reach for the processes that render images, which see one image at a time', async ({ skip }) => {
    unlessAllowed(skip);
    const { input, output } = await attempt('photo', await quarters(64, 64));
    await images.render(input, output, signal);
    expect((await readdir(output)).length).toBeGreaterThan(0);
    const here = renderers();
    expect(here.length).toBeGreaterThan(0);
    for (const pid of here) {
      const seen = (path: string) => existsSync(`/proc/${pid}/root${path}`);
      expect([process.execPath, '/usr/bin/env', resolve('src/media/image/child.ts')].map(seen)).toEqual([
        true,
        true,
        true,
      ]);
      expect([secret, input, output, '/etc/passwd', resolve('package-lock.json')].map(seen)).not.toContain(true);
    }
  });
});
