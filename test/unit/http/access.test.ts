/** Who may call what. */
import { describe, expect, it } from 'vitest';
import { permissionNames, roles, steering } from '../../../src/contract/permissions.ts';
import { authorise, holds, scopeOf } from '../../../src/http/auth/access.ts';
import { anonymous } from '../../../src/http/auth/authenticate.ts';
import { Problem } from '../../../src/http/problem.ts';
import type { Access, Actor } from '../../../src/http/route.ts';

const user: Actor = { kind: 'user', userId: 'ana', scopes: ['*'], name: 'ana' };
const narrow: Actor = { kind: 'user', userId: 'ana', scopes: ['media:read'], name: 'ana' };
const key: Actor = { kind: 'key', scopes: ['*'], name: 'first' };
const acting: Actor = { kind: 'key', userId: 'ana', scopes: ['*'], name: 'first' };
const operator: Actor = { kind: 'operator', scopes: roles.viewer, name: 'mia' };

function outcome(access: Access, actor: Actor): string {
  try {
    authorise({ access, tag: 'Jobs', method: 'get' }, actor);
    return 'yes';
  } catch (error) {
    return error instanceof Problem ? `${error.status} ${error.code}` : String(error);
  }
}

describe('access', () => {
  it.each<[Access, string[]]>([
    //           nobody                   user                  narrow token           key                         acting key  operator
    ['open', ['yes', 'yes', 'yes', 'yes', 'yes', 'yes']],
    [
      'user',
      [
        '401 not_authenticated',
        'yes',
        '403 missing_scope',
        '403 acting_user_required',
        'yes',
        '403 acting_user_required',
      ],
    ],
    ['key', ['401 not_authenticated', '403 key_required', '403 key_required', 'yes', 'yes', '403 key_required']],
    ['either', ['401 not_authenticated', 'yes', '403 missing_scope', 'yes', 'yes', '403 key_required']],
    [
      'operator',
      [
        '401 not_authenticated',
        '403 operator_required',
        '403 operator_required',
        '403 operator_required',
        '403 operator_required',
        'yes',
      ],
    ],
  ])('%s lets in whom it should', (access, expected) => {
    const actors = [anonymous, user, narrow, key, acting, operator];
    expect(actors.map((actor) => outcome(access, actor))).toEqual(expected);
  });

  it('grows with the role; a viewer steers nothing, an admin may everything', () => {
    expect(roles.operator).toEqual(expect.arrayContaining([...roles.viewer]));
    expect(roles.admin).toEqual(permissionNames);
    expect(roles.viewer.filter((permission) => steering.includes(permission))).toEqual([]);
  });

  it('asks an operator for the permission of the route', () => {
    const route = { access: 'operator', tag: 'Operator', method: 'post', scope: 'jobs:operate' } as const;
    expect(() => authorise(route, operator)).toThrow(expect.objectContaining({ code: 'missing_permission' }));
  });

  it('takes the scope from the tag and the method unless the route names one', () => {
    expect(scopeOf({ tag: 'Media', method: 'get' })).toBe('media:read');
    expect(scopeOf({ tag: 'Media', method: 'delete' })).toBe('media:write');
    expect(scopeOf({ tag: 'Media', method: 'delete', scope: 'files:remove' })).toBe('files:remove');
  });

  it('knows wildcards, and only whole ones', () => {
    expect(holds(['jobs:*'], 'jobs:write')).toBe(true);
    expect(holds(['jobs:*'], 'jobs2:write')).toBe(false);
    expect(holds(['*'], 'anything')).toBe(true);
    expect(holds(['jobs:read'], 'jobs:readable')).toBe(false);
    expect(holds([], 'jobs:read')).toBe(false);
  });
});
