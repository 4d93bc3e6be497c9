/** From zod's issues to JSON Pointers (RFC 6901), so that every refusal names the field. */
import type { z } from 'zod';
import type { FieldProblem } from './errors.ts';

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
