/** What the search box suggests, and where the jobs of a flow stand. */
import { describe, expect, test } from 'vitest';
import { suggest } from '../../../dashboard/web/src/completion.ts';
import { parseFilter } from '../../../dashboard/web/src/filter-text.ts';
import { layoutOf, node } from '../../../dashboard/web/src/flow-layout.ts';

const types = [
  { type: 'process-video', lane: 'bulk', queue: 'video', description: 'Makes a ladder' },
  { type: 'process-image', lane: 'bulk', queue: 'image', description: 'Makes renditions' },
];
const words = (typed: string) => suggest(typed, types).map(({ text }) => text);

describe('the search box', () => {
  test('offers words, then values, and keeps what stands before', () => {
    expect(words('st')).toEqual(['state:']);
    expect(words('lane:bulk qu')).toEqual(['lane:bulk queue:']);
    expect(words('lane:bulk state:de')).toEqual(['lane:bulk state:dead']);
    expect(words('name:process-v')).toEqual(['name:process-video']);
    expect(words('queue:')).toEqual(['queue:video', 'queue:image']);
    expect(words('state:dead')).toEqual([]);
    expect(words('pay')).toEqual(['payload.']);
  });

  test('takes name for type', () => {
    expect(parseFilter('name:notify state:dead').fields).toEqual({ type: 'notify', state: 'dead' });
  });
});

describe('the graph of a flow', () => {
  const job = (id: string, ...waitsFor: string[]) => ({ id, waitsFor }) as Parameters<typeof layoutOf>[0][number];

  test('puts each job behind all that it waits for', () => {
    const { nodes, lines, width } = layoutOf([job('1'), job('2'), job('3', '1', '2'), job('4', '3', '1')]);
    const x = Object.fromEntries(nodes.map((placed) => [placed.job.id, placed.x]));
    expect([x[1], x[2]]).toEqual([0, 0]);
    expect(x[3]).toBe(node.width + node.right);
    expect(x[4]).toBe(2 * (node.width + node.right));
    expect(width).toBe(3 * node.width + 2 * node.right);
    expect(lines).toHaveLength(4);
    expect(new Set(nodes.map(({ x: left, y }) => `${left} ${y}`)).size).toBe(4);
  });

  test('does not hang on a circle', () => {
    expect(layoutOf([job('1', '2'), job('2', '1')]).nodes).toHaveLength(2);
  });
});
