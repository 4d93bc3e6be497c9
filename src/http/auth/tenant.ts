/**
 * Keys that belong to a tenant, and the tokens they make. A route takes them only where its row says how the tenant is kept to;
 * what belongs to another tenant, or to none, looks as if it did not exist.
 */
import { notFound, Problem } from '../problem.ts';
import type { Actor, Call, Route } from '../route.ts';

/** What a path names, and whose it is: a tenant's name, null for nobody's, undefined where there is none. */
export interface Held {
  noun: string;
  tenantOf(params: never): Promise<string | null | undefined>;
}

/**
 * `shared` is the same for everyone; `own` is narrowed by the handler, with `actor.tenant` and `withinTenant`; with `Held`
 * the caller must hold what the path names. Absent: closed to keys that belong to a tenant.
 */
export type TenantRule = 'shared' | 'own' | Held;

/** @throws Problem 403 `tenant_key` where the row of the route does not say how a tenant is kept to. */
export function admitTenant(route: Pick<Route, 'access' | 'tenant'>, { tenant }: Actor): void {
  if (tenant === undefined || route.access === 'open' || route.tenant !== undefined) return;
  const detail = `This call reaches beyond one tenant, and your key belongs to "${tenant}". Use a key without a tenant.`;
  throw new Problem(403, 'tenant_key', 'Not allowed', detail);
}

/** @throws Problem 404 unless the caller's tenant holds what the path names. */
export async function requireHeld({ tenant: rule }: Pick<Route, 'tenant'>, { actor, params }: Call): Promise<void> {
  if (actor.tenant === undefined || typeof rule !== 'object') return;
  if ((await rule.tenantOf(params as never)) !== actor.tenant) throw notFound(rule.noun);
}

/**
 * The tenant that a call concerns: the one it names, or else the caller's.
 * @throws Problem 403 `forbidden` when a key that belongs to a tenant names another one.
 */
export function withinTenant(actor: Pick<Actor, 'tenant'>, asked: string | undefined): string | undefined {
  if (actor.tenant === undefined || asked === undefined || asked === actor.tenant) return asked ?? actor.tenant;
  throw new Problem(
    403,
    'forbidden',
    'Not allowed',
    `Your key belongs to the tenant "${actor.tenant}", not "${asked}".`,
  );
}
