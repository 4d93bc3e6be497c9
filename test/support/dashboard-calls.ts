/** Every data call of the dashboard and of bull-board with an example path, from their own route tables. */
import { appRoutes } from '@bull-board/api/dist/routes.js';
import { OverviewFeed } from '../../dashboard/feed.ts';
import type { Overview } from '../../dashboard/overview.ts';
import { dashboardRoutes } from '../../dashboard/routes.ts';
import type { Services } from '../../dashboard/services.ts';

export type Call = [method: string, path: string];

export const dataCalls = (): Call[] => dataRoutes().map(({ call }) => call);

/** The same with the permission that each row names. */
export function dataRoutes(): { call: Call; scope: string | undefined }[] {
  const services = { feed: new OverviewFeed(async () => ({}) as Overview) } as Services;
  return dashboardRoutes(services).map(({ method, path, scope }) => ({
    call: [method.toUpperCase(), example(path)],
    scope,
  }));
}

export function boardCalls(): Call[] {
  return appRoutes.api.flatMap(({ method, route }) =>
    [method]
      .flat()
      .flatMap((verb) => [route].flat().map((path): Call => [verb.toUpperCase(), `/queues${example(path)}`])),
  );
}

/** Actions that routes take in their paths; those of schedules are `run` and others. */
const actions: Readonly<Record<string, string>> = { '/operations/': 'abort', '/alert-channels/': 'test' };

/** A path that a pattern of a route table stands for. */
function example(pattern: string): string {
  const values: Record<string, string> = {
    lane: 'bulk',
    queue: 'image',
    id: '42',
    jobId: '42',
    name: 'nightly',
    action: Object.entries(actions).find(([part]) => pattern.includes(part))?.[1] ?? 'run',
    queueName: 'bulk.image',
  };
  return pattern.replace(/:(\w+)/g, (_, name: string) => values[name] ?? 'failed');
}
