/** JSON Pointers (RFC 6901): from zod's issues, so that every refusal names the field, and from an edit. */
import type { z } from 'zod';
import type { FieldProblem } from './errors.ts';
import type { Json } from './words.ts';

/** `['payload', 'a/b', 0]` becomes `/payload/a~1b/0`; the empty path is the whole document. */
export function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** One entry per issue; a key that does not belong is pointed at itself. `under` is put before every pointer. */
export function fieldProblems(error: z.ZodError, under: readonly PropertyKey[] = []): FieldProblem[] {
  return error.issues.flatMap((issue) => {
    const path = [...under, ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [{ pointer: jsonPointer(path), detail: issue.message }];
    return issue.keys.map((key) => ({ pointer: jsonPointer([...path, key]), detail: 'is not known here' }));
  });
}

const mostChangedFields = 50;

/** Pointers to the fields in which two documents differ, without what stands in them; up to 50. */
export function changedFields(before: Json, after: Json): string[] {
  const found: string[] = [];
  const compare = (one: Json | undefined, other: Json | undefined, path: readonly PropertyKey[]) => {
    if (JSON.stringify(one) === JSON.stringify(other) || found.length === mostChangedFields) return;
    const [left, right] = [asObject(one), asObject(other)];
    if (!left || !right) return void found.push(jsonPointer(path));
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)]))
      compare(left[name], right[name], [...path, name]);
  };
  compare(before, after, []);
  return found;
}

function asObject(value: Json | undefined): { [name: string]: Json } | undefined {
  return typeof value === 'object' && value !== null ? (value as { [name: string]: Json }) : undefined;
}
