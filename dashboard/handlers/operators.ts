/** Operators: who there is, and making them, giving them another role or password, and removing them. */
import { z } from 'zod';
import { type Role, roleNames, roles } from '../../src/contract/permissions.ts';
import { audited } from '../../src/http/audit.ts';
import {
  addOperator,
  changeOperator,
  listOperators,
  type OperatorView,
  passwordLength,
  removeOperator,
} from '../../src/http/auth/operators.ts';
import { Problem } from '../../src/http/problem.ts';
import { type Actor, type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export interface ShownOperators {
  items: OperatorView[];
  /** False: the app that the pages stand in knows who its operators are. */
  ownLogin: boolean;
}

const nameSchema = z.string().regex(/^[\w.@+-]{1,64}$/, 'must be 1 to 64 letters, digits and . _ - @ +');
const role = z.enum(roleNames);
const password = z.string().min(passwordLength.min).max(passwordLength.max);
const params = z.object({ name: nameSchema });

export const showOperators = ({ db, login }: Services): Route =>
  route({
    method: 'get',
    path: '/api/operators',
    tag,
    summary: 'Operators and their roles',
    access: 'operator',
    scope: 'operators:read',
    answer: { status: 200, description: '`{items, ownLogin}`' },
    async handle() {
      const body: ShownOperators = { items: await listOperators(db), ownLogin: login !== undefined };
      return { body };
    },
  });

export const makeOperator = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/operators',
    tag,
    summary: 'Make an operator',
    access: 'operator',
    scope: 'operators:write',
    body: z.strictObject({ name: nameSchema, role, password }),
    answer: { status: 201, description: 'Done' },
    async handle({ body, actor }) {
      refuseBeyond(actor, body.role);
      const target = `operator:${body.name}`;
      const entry = { actor: actor.name, action: 'operator.add', target, detail: { role: body.role } };
      await audited(services, entry, () => addOperator(services.db, body));
      return { body: {} };
    },
  });

export const setOperator = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/operators/:name/set',
    tag,
    summary: 'Give an operator another role or password',
    access: 'operator',
    scope: 'operators:write',
    params,
    body: z.strictObject({ role: role.optional(), password: password.optional() }),
    answer: { status: 204, description: 'Done; all sessions of the operator have ended' },
    async handle({ params: { name }, body, actor }) {
      refuseOneself(name, actor.name);
      if (body.role) refuseBeyond(actor, body.role);
      const detail = { ...(body.role && { role: body.role }), ...(body.password && { password: true }) };
      const entry = { actor: actor.name, action: 'operator.set', target: `operator:${name}`, detail };
      await audited(services, entry, () => changeOperator(services.db, name, body));
      return { status: 204 };
    },
  });

export const dropOperator = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/operators/:name/remove',
    tag,
    summary: 'Remove an operator',
    access: 'operator',
    scope: 'operators:write',
    params,
    answer: { status: 204, description: 'Done; all sessions of the operator have ended' },
    async handle({ params: { name }, actor }) {
      refuseOneself(name, actor.name);
      const entry = { actor: actor.name, action: 'operator.remove', target: `operator:${name}` };
      await audited(services, entry, () => removeOperator(services.db, name));
      return { status: 204 };
    },
  });

/** Nobody gives more than he has. */
function refuseBeyond({ scopes }: Actor, role: Role): void {
  const beyond = roles[role].filter((permission) => !scopes.includes(permission));
  if (beyond.length === 0) return;
  throw new Problem(403, 'forbidden', 'Not allowed', `The role has permissions that you lack: ${beyond.join(', ')}.`);
}

/** So that the last admin stays one. */
function refuseOneself(name: string, actor: string): void {
  if (name !== actor) return;
  throw new Problem(
    409,
    'own_role',
    'Not possible',
    'Nobody changes his own role or removes himself: ask another admin. Your own password is changed under your name.',
  );
}
