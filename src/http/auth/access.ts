/** Whether an actor may call a route: the rules behind the columns `access` and `scope` of the route table. */
import { steering } from '../../contract/permissions.ts';
import { Problem, unauthorised } from '../problem.ts';
import type { Actor, Route } from '../route.ts';

/** The scope that a route asks for: its own, or what its tag and method say (`media:read`, `posts:write`). */
export function scopeOf(route: Pick<Route, 'scope' | 'tag' | 'method'>): string {
  return route.scope ?? `${route.tag.toLowerCase()}:${readingMethods.has(route.method) ? 'read' : 'write'}`;
}

const readingMethods: ReadonlySet<string> = new Set(['get', 'head', 'options']);

/** `*` holds everything, `jobs:*` everything of jobs. */
export function holds(scopes: readonly string[], scope: string): boolean {
  return scopes.some(
    (own) => own === '*' || own === scope || (own.endsWith(':*') && scope.startsWith(own.slice(0, -1))),
  );
}

/**
 * Lets the actor through or says why not.
 * @throws Problem 401 for nobody in particular, 403 for somebody who may not.
 */
export function authorise(route: Pick<Route, 'access' | 'scope' | 'tag' | 'method'>, actor: Actor): void {
  if (route.access === 'open') return;
  if (actor.kind === 'anonymous') throw unauthorised('This call needs an API key or a token.', 'not_authenticated');
  const refusal = refusals[route.access](actor);
  if (refusal) throw new Problem(403, refusal.code, 'Not allowed', refusal.detail);
  requireScope(actor, scopeOf(route));
}

/** @throws Problem 403 `missing_scope` for a key or token, `missing_permission` for an operator. */
export function requireScope({ kind, scopes }: Pick<Actor, 'kind' | 'scopes'>, scope: string): void {
  if (holds(scopes, scope)) return;
  if (kind !== 'operator') throw new Problem(403, 'missing_scope', 'Not allowed', `This needs the scope "${scope}".`);
  const detail = `This needs the permission "${scope}", which your role does not have. Ask somebody who manages operators.`;
  throw new Problem(403, 'missing_permission', 'Not allowed', detail);
}

/** @throws Problem 403 `read_only` where people would change what a read-only deployment does. */
export function refuseSteering(scope: string, method: string): void {
  if (!(steering as readonly string[]).includes(scope) || readingMethods.has(method.toLowerCase())) return;
  const detail =
    'This deployment is read-only (TWOLANE_READ_ONLY): jobs are taken and run, nobody changes anything here.';
  throw new Problem(403, 'read_only', 'Read-only', detail);
}

type Refusal = { code: string; detail: string } | undefined;

const refusals: Readonly<Record<Exclude<Route['access'], 'open'>, (actor: Actor) => Refusal>> = {
  user: (actor) =>
    actor.userId === undefined
      ? { code: 'acting_user_required', detail: 'This call is made for a user: name one in X-Acting-User.' }
      : undefined,
  key: (actor) => (actor.kind === 'key' ? undefined : { code: 'key_required', detail: 'This call needs an API key.' }),
  either: (actor) =>
    actor.kind === 'operator' ? { code: 'key_required', detail: 'This call needs an API key or a user.' } : undefined,
  operator: (actor) =>
    actor.kind === 'operator' ? undefined : { code: 'operator_required', detail: 'This call needs an operator.' },
};
