/** bull-board over both lanes: the ledger's jobs, and nothing that changes them. */
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
    expect(shown.readOnlyMode).toBe(true);
    expect(shown.jobs.map((job: { id: string }) => job.id)).toContain(id);
    const job = await jsonOf(operator.call(`/queues/api/queues/${name}/${id}`));
    expect(job.job).toMatchObject({ id, name: notify.type, externalUrl: { href: `/ops/jobs/${id}` } });
    expect(job.status).toBe('delayed');
  });

  test('refuses every change, also with the token of the session', async () => {
    const headers = { 'x-csrf-token': operator.csrf, 'content-type': 'application/json' };
    const changes = boardCalls().filter(([method]) => method !== 'GET');
    expect(changes.length).toBeGreaterThan(15);
    for (const [method, path] of changes) {
      const answer = await operator.call(path, { method, headers, body: '{}' });
      expect([method, path, answer.status]).toEqual([method, path, 405]);
    }
  });
});
