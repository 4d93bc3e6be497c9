/**
 * The image pipeline against plain sharp that opens the file again for every rendition, in one run, over the same
 * outputs with the same quality. CPU time decides: it is what a worker has to give. Run: `tsx bench/image.ts [rounds]`.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { defaultLimits } from '../src/media/image/limits.ts';
import { planSizes } from '../src/media/image/plan.ts';
import { largePhoto } from '../test/support/pictures.ts';

const rounds = Number(process.argv[2] ?? 5);
const folder = await mkdtemp(join(tmpdir(), 'twolane-bench-'));
const input = join(folder, 'large.jpg');
const output = join(folder, 'output');

/** What a handler without a pipeline would do: every file from the original, upright, one after another. */
async function plainSharp(): Promise<void> {
  for (const { width } of planSizes({ width: 4000, height: 3000 })) {
    await sharp(input, { autoOrient: true })
      .resize(width)
      .webp({ quality: 78, effort: 2 })
      .toFile(join(output, `${width}.webp`));
    await sharp(input, { autoOrient: true })
      .resize(width)
      .jpeg({ quality: 80 })
      .toFile(join(output, `${width}.jpg`));
  }
}

async function cost(work: () => Promise<unknown>): Promise<{ wallMs: number; cpuMs: number }> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const spent = process.cpuUsage(cpu);
  return { wallMs: performance.now() - started, cpuMs: (spent.user + spent.system) / 1000 };
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

try {
  await largePhoto(input);
  await mkdir(output);
  // Late, because it blocks the loaders that the photo above was made with.
  const { renderImage } = await import('../src/media/image/pipeline.ts');
  const request = {
    input,
    folder: output,
    wanted: { plain: true },
    limits: defaultLimits,
    lightBytes: 2 ** 30,
    tool: { program: 'vips', memoryBytes: 2 ** 30 },
  };
  const pipeline: Awaited<ReturnType<typeof cost>>[] = [];
  const plain: typeof pipeline = [];
  for (let round = 0; round <= rounds; round += 1) {
    const a = await cost(() => renderImage({ ...request, id: round }));
    const b = await cost(plainSharp);
    // The first round warms up.
    if (round > 0) pipeline.push(a) && plain.push(b);
  }
  const report = (runs: typeof pipeline) => ({
    wallMs: Math.round(median(runs.map((run) => run.wallMs))),
    cpuMs: Math.round(median(runs.map((run) => run.cpuMs))),
  });
  console.table({ pipeline: report(pipeline), 'plain sharp': report(plain) });
  console.log(
    `Pipeline: ${(report(plain).cpuMs / report(pipeline).cpuMs).toFixed(2)} images for one of plain sharp, per CPU second`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
