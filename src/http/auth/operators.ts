/** Operators: the people who look after an installation, each with a role. What changes them ends their sessions. */
import type { Queryable } from '../../contract/database.ts';
import { ConflictError, TwolaneError } from '../../contract/errors.ts';
import type { Role } from '../../contract/permissions.ts';
import { hashPassword, passwordFits } from './passwords.ts';

/** Most and least characters of a password. */
export const passwordLength = { min: 8, max: 1_000 } as const;

export interface OperatorView {
  name: string;
  role: Role;
  createdAt: string;
  /** When somebody last saw a page in this name; null: no session is left. */
  seenAt: string | null;
}

/** All of them, by name. */
export async function listOperators(db: Queryable): Promise<OperatorView[]> {
  const { rows } = await db.query<{ name: string; role: Role; created: Date; seen: Date | null }>(
    `select name, role, o.created_at as created, max(seen_at) as seen
     from twolane.operators o left join twolane.operator_sessions s on s.operator = o.name group by name order by name`,
  );
  return rows.map(({ name, role, created, seen }) => ({
    name,
    role,
    createdAt: created.toISOString(),
    seenAt: seen?.toISOString() ?? null,
  }));
}

/** @throws ConflictError `name_taken` */
export async function addOperator(
  db: Queryable,
  { name, role, password }: { name: string; role: Role; password: string },
): Promise<void> {
  const { rowCount } = await db.query(
    'insert into twolane.operators (name, role, password_hash) values ($1, $2, $3) on conflict (name) do nothing',
    [name, role, await hashPassword(password)],
  );
  if (rowCount !== 1) throw new ConflictError('name_taken', `There is an operator "${name}" already`);
}

/** Sets a role, a password or both, and ends every session of the operator. @throws TwolaneError `not_found` */
export async function changeOperator(
  db: Queryable,
  name: string,
  change: { role?: Role | undefined; password?: string | undefined },
): Promise<void> {
  const { rowCount } = await db.query(
    `with ended as (delete from twolane.operator_sessions where operator = $1)
     update twolane.operators set role = coalesce($2, role), password_hash = coalesce($3, password_hash), changed_at = now()
     where name = $1`,
    [name, change.role ?? null, change.password === undefined ? null : await hashPassword(change.password)],
  );
  if (rowCount !== 1) throw unknownOperator(name);
}

/** Its sessions go with it, and browsers in which it heard of alerts. @throws TwolaneError `not_found` */
export async function removeOperator(db: Queryable, name: string): Promise<void> {
  const { rowCount } = await db.query(
    `with unheard as (delete from twolane.alert_channels where kind = 'push' and created_by = $1)
     delete from twolane.operators where name = $1`,
    [name],
  );
  if (rowCount !== 1) throw unknownOperator(name);
}

/**
 * Gives an operator this password, making an admin when there is no such operator. An unchanged password changes nothing; a
 * changed one ends the sessions that were opened with the old one.
 */
export async function seedOperator(db: Queryable, name: string, password: string): Promise<void> {
  const { rows } = await db.query<{ password_hash: string | null }>(
    'select password_hash from twolane.operators where name = $1',
    [name],
  );
  if (rows[0] && (await passwordFits(rows[0].password_hash, password))) return;
  await db.query(
    `with ended as (delete from twolane.operator_sessions where operator = $1)
     insert into twolane.operators (name, role, password_hash) values ($1, 'admin', $2)
     on conflict (name) do update set password_hash = excluded.password_hash, changed_at = now()`,
    [name, await hashPassword(password)],
  );
}

const unknownOperator = (name: string) => new TwolaneError('not_found', `There is no operator "${name}"`);
