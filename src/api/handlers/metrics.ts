/** GET /metrics for Prometheus. */
import type { MetricsOf } from '../../contract/metrics.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

export function metricsPage(
  { metrics }: Pick<ApiDeps, 'metrics'>,
  access: 'key' | 'open' = 'key',
  of: MetricsOf = 'installation',
) {
  return route({
    method: 'get',
    path: '/metrics',
    tag: 'system',
    summary: 'Prometheus metrics',
    access,
    scope: 'metrics:read',
    answer: { status: 200, description: 'The text format.', contentType: 'text/plain' },
    async handle() {
      const { text, contentType } = await metrics.scrape(of);
      return { body: text, headers: { 'content-type': contentType, 'cache-control': 'no-store' } };
    },
  });
}
