/** What a feature costs: the rate of jobs that use it as a share of the rate of plain ones, in the same run. */
import { type Figure, figureOf, type Results } from './aims.ts';

export const costs: readonly { text: string; of: Figure; plain: Figure }[] = [
  cost('order over 5,000 keys', 'keyed, 5,000 keys'),
  cost('turns between 1,000 tenants, enqueue', 'backlog of 1,000 tenants', 'backlog of one tenant', 'enqueue'),
  cost('turns between 1,000 tenants, drain', 'backlog of 1,000 tenants', 'backlog of one tenant', 'process'),
  cost('concurrency and rate of the type', 'limits of the type'),
  cost('concurrency of 5,000 keys', 'limits of 5,000 keys'),
  cost('flows of 10', 'flows of 10 jobs'),
  cost('batches', 'batches of up to 100'),
];

/** One for each feature whose scenarios ran. `share` is in percent. */
export function costsOf(results: Results): { text: string; share: number }[] {
  return costs.flatMap(({ text, of, plain }) => {
    const [with_, without] = [figureOf(results, of), figureOf(results, plain)];
    return with_ && without ? [{ text, share: Math.round((100 * with_) / without) }] : [];
  });
}

function cost(text: string, name: string, plain = 'plain jobs', key = 'rate') {
  return { text, of: [name, key] as const, plain: [plain, key] as const };
}
