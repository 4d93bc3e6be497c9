/** Where the jobs of a flow stand: a column for each step, left to right, and a line to each job from those it waits for. Pure. */
import type { FlowView } from '../../../src/contract/flow.ts';

type FlowJob = FlowView['jobs'][number];

export interface Placed {
  job: FlowJob;
  x: number;
  y: number;
}

export interface FlowLayout {
  nodes: Placed[];
  /** Paths of SVG. */
  lines: string[];
  width: number;
  height: number;
}

/** Pixels. */
export const node = { width: 168, height: 44, right: 52, below: 14 } as const;

export function layoutOf(jobs: readonly FlowJob[]): FlowLayout {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const steps = new Map<string, number>();
  const stepOf = (job: FlowJob): number => {
    const known = steps.get(job.id);
    if (known !== undefined) return known;
    // A flow has no circles; the mark only keeps broken data from hanging the page.
    steps.set(job.id, 0);
    const before = job.waitsFor.flatMap((id) => byId.get(id) ?? []);
    const step = before.length === 0 ? 0 : 1 + Math.max(...before.map(stepOf));
    steps.set(job.id, step);
    return step;
  };
  const columns: FlowJob[][] = [];
  for (const job of jobs) {
    const step = stepOf(job);
    columns[step] = [...(columns[step] ?? []), job];
  }
  const most = Math.max(1, ...columns.map((column) => column.length));
  const height = most * (node.height + node.below) - node.below;
  const nodes = columns.flatMap((column, step) => {
    const own = column.length * (node.height + node.below) - node.below;
    return column.map((job, row) => ({
      job,
      x: step * (node.width + node.right),
      y: (height - own) / 2 + row * (node.height + node.below),
    }));
  });
  const places = new Map(nodes.map((placed) => [placed.job.id, placed]));
  const lines = nodes.flatMap((to) => to.job.waitsFor.flatMap((id) => line(places.get(id), to)));
  return { nodes, lines, width: columns.length * (node.width + node.right) - node.right, height };
}

function line(from: Placed | undefined, to: Placed): string[] {
  if (!from) return [];
  const [x1, y1] = [from.x + node.width, from.y + node.height / 2];
  const [x2, y2] = [to.x, to.y + node.height / 2];
  const bend = (x2 - x1) / 2;
  return [`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`];
}
