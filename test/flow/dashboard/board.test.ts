/** bull-board over both lanes: the ledger's jobs, single changes with their audit, and charts of what was measured. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { processImageJob } from '../../../jobs/bulk/process-image.job.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { boardCalls } from '../../support/dashboard-calls.ts';
import { jsonOf, logIn, type OperatorClient } from '../../support/pages.ts';

let app: TestApp;
let operator: OperatorClient;

beforeAll(async () => {
  app = await startTestApp({ worker: false, scheduler: false });
  operator = await logIn(`${app.url}/ops`);
});

afterAll(() => app?.stop());

const like = { kind: 'like' as const, actorId: '1', recipientId: '2', objectId: '3' };

describe('bull-board', () => {
  test('shows the queues of both lanes side by side, with the jobs of the ledger', async () => {
    const { id } = await app.twolane.enqueue(notify, like, { delayMs: 3_600_000 });
    const name = `realtime.${notify.queue}`;
    const answer = await operator.call(`/queues/api/queues?activeQueue=${name}&status=delayed&page=1&jobsPerPage=50`);
    expect(answer.status).toBe(200);
    const { queues } = await jsonOf(answer);
    const names: string[] = queues.map((queue: { name: string }) => queue.name);
    expect(names).toContain(`bulk.${processImageJob.queue}`);
    const shown = queues.find((queue: { name: string }) => queue.name === name);
    expect(shown).toMatchObject({ readOnlyMode: false, allowRetries: true });
    expect(shown.jobs.map((job: { id: string }) => job.id)).toContain(id);
    const job = await jsonOf(operator.call(`/queues/api/queues/${name}/${id}`));
    expect(job.job).toMatchObject({ id, name: notify.type, externalUrl: { href: `/ops/jobs/${id}` } });
    expect(job.status).toBe('delayed');
  });

  test('changes single jobs and queues as everywhere else, in the name of the operator; many at once it may not', async () => {
    const headers = { 'x-xsrf-token': operator.csrf, 'content-type': 'application/json' };
    const put = (path: string) => operator.call(`/queues/api/queues/${path}`, { method: 'PUT', headers, body: '{}' });
    const name = `realtime.${notify.queue}`;
    const { id } = await app.twolane.enqueue(notify, like, { delayMs: 3_600_000 });
    expect((await put(`${name}/${id}/retry`)).status).toBe(400);
    expect((await put(`${name}/${id}/clean`)).status).toBe(204);
    expect((await app.twolane.operations.get(id))?.state).toBe('cancelled');
    expect((await put(`${name}/${id}/clean`)).status).toBe(409);
    expect((await put(`${name}/pause`)).status).toBe(200);
    expect(await app.twolane.operations.pauses()).toMatchObject([{ name: `realtime/${notify.queue}` }]);
    expect((await put(`${name}/resume`)).status).toBe(200);
    const { rows } = await app.twolane.database.query(
      'select actor, action, target, outcome from twolane.audit order by id',
    );
    expect(rows.map(({ actor, action, target, outcome }) => [actor, action, target, outcome])).toEqual([
      ['admin', 'cancel', id, 'done'],
      ['admin', 'discard', id, 'not_dead'],
      ['admin', 'pause', `realtime/${notify.queue}`, 'done'],
      ['admin', 'resume', `realtime/${notify.queue}`, 'done'],
    ]);

    const single = /\/(42\/(retry|clean|promote)|bulk\.image\/(pause|resume))$/;
    const others = boardCalls().filter(([method, path]) => method !== 'GET' && !single.test(path));
    expect(others.length).toBeGreaterThan(10);
    for (const [method, path] of others) {
      const answer = await operator.call(path, { method, headers, body: '{}' });
      expect([method, path, answer.status]).toEqual([method, path, 405]);
    }
  });

  test('draws its charts from what was measured', async () => {
    const { database } = app.twolane;
    await database.query(
      `insert into twolane.measurements select step, date_bin('30 minutes', now(), 'epoch') - interval '3 hours', 'bulk/image',
         9, 6, 2, 1, 0, 8, 0, '{0,4}', '{0,0,4}', 1500 from (values (60), (1800)) s(step)`,
    );
    const query = `queue=bulk.image&from=${Date.now() - 4 * 3_600_000}&to=${Date.now()}&granularity=hour`;
    const counts = await jsonOf(operator.call(`/queues/api/metrics/history?${query}`));
    expect([counts.completed[0].value, counts.failed[0].value]).toEqual([6, 2]);
    const latency = await jsonOf(operator.call(`/queues/api/metrics/latency?${query}&metric=runtime&percentiles=50`));
    expect(latency).toMatchObject([{ count: 4, values: { 50: 3.5 } }]);
  });
});
