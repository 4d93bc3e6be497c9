/** Whose things are that paths name, for keys that belong to a tenant; see src/http/auth/tenant.ts. */
import type { MassOperations, MediaService, Operations, Schedules } from '../contract/index.ts';
import type { Held } from '../http/auth/tenant.ts';

type Id = { id: string };

export const heldJob = (operations: Pick<Operations, 'get'>) =>
  ({ noun: 'job', tenantOf: async ({ id }: Id) => (await operations.get(id))?.tenant }) satisfies Held;

/** A flow is a tenant's when all of its jobs are. */
export const heldFlow = (operations: Pick<Operations, 'flow'>) =>
  ({
    noun: 'flow',
    async tenantOf({ id }: Id) {
      const tenants = new Set((await operations.flow(id))?.jobs.map(({ tenant }) => tenant));
      return tenants.size === 1 ? [...tenants][0] : undefined;
    },
  }) satisfies Held;

/** An operation is a tenant's when it changes jobs of no other. */
export const heldOperation = (operations: Pick<MassOperations, 'get'>) =>
  ({ noun: 'operation', tenantOf: async ({ id }: Id) => (await operations.get(id))?.filter.tenant }) satisfies Held;

export const heldSchedule = (schedules: Pick<Schedules, 'get'>) =>
  ({
    noun: 'schedule',
    tenantOf: async ({ name }: { name: string }) => (await schedules.get(name))?.options.tenant,
  }) satisfies Held;

export const heldMedia = (media: Pick<MediaService, 'tenantOf'>) =>
  ({ noun: 'media', tenantOf: ({ id }: Id) => media.tenantOf(id) }) satisfies Held;
