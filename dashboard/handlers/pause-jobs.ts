/** Holds and lets go the jobs of one type, or of one key: what runs goes on, nothing new starts. */
import { z } from 'zod';
import type { PauseTarget } from '../../src/contract/fleet.ts';
import { audited } from '../../src/http/audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

type Action = 'pause' | 'resume';

export const pauseType = (services: Services): Route => switchType(services, 'pause');
export const resumeType = (services: Services): Route => switchType(services, 'resume');
export const pauseKey = (services: Services): Route => switchKey(services, 'pause');
export const resumeKey = (services: Services): Route => switchKey(services, 'resume');

const shared = {
  method: 'post',
  tag,
  access: 'operator',
  scope: 'queues:operate',
  answer: { status: 204, description: 'Done' },
} as const;

function switchType(services: Services, action: Action): Route {
  return route({
    ...shared,
    path: `/api/job-types/:type/${action}`,
    summary: `${action === 'pause' ? 'Pause' : 'Resume'} a job type`,
    params: z.object({ type: z.string().min(1).max(64) }),
    handle: ({ params: { type }, actor }) => change(services, action, actor.name, `type:${type}`, { type }),
  });
}

function switchKey(services: Services, action: Action): Route {
  return route({
    ...shared,
    path: `/api/keys/:key/${action}`,
    summary: `${action === 'pause' ? 'Pause' : 'Resume'} a key`,
    params: z.object({ key: z.string().min(1).max(200) }),
    handle: ({ params: { key }, actor }) => change(services, action, actor.name, `key:${key}`, { key }),
  });
}

async function change(services: Services, action: Action, actor: string, target: string, what: PauseTarget) {
  await audited(services, { actor, action, target }, () => services.operations[action](what));
  return { status: 204 };
}
