/** Types that are worked out from those of the API: what a call is given and what it answers. */
import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from 'openapi-typescript-helpers';
import type { paths } from './openapi.ts';

type Init<Path extends keyof paths, Method extends HttpMethod> = MaybeOptionalInit<paths[Path], Method>;

/** The second argument may be left out where nothing in it is needed. */
type InitArgument<T> = RequiredKeysOf<T> extends never ? [init?: T] : [init: T];

type Operation<Path extends keyof paths, Method extends HttpMethod> = Extract<
  paths[Path][Method & keyof paths[Path]],
  Record<string | number, unknown>
>;

/** What a call answers when all goes well. */
export type Answer<Path extends keyof paths, Method extends HttpMethod> = Exclude<
  FetchResponse<Operation<Path, Method>, unknown, 'application/json'>['data'],
  undefined
>;

/** Calls of one method: `(path, {params, body, headers, signal})` to the answer. */
export type Call<Method extends HttpMethod> = <Path extends PathsWithMethod<paths, Method>>(
  path: Path,
  ...init: InitArgument<Init<Path, Method>>
) => Promise<Answer<Path, Method>>;

/** Lists that come in pages. */
export type ListPath = {
  [Path in PathsWithMethod<paths, 'get'>]: Answer<Path, 'get'> extends { items: unknown[]; nextCursor: string | null }
    ? Path
    : never;
}[PathsWithMethod<paths, 'get'>];

/** One entry of such a list. */
export type ItemOf<Path extends ListPath> = Answer<Path, 'get'> extends { items: (infer Item)[] } ? Item : never;

/** What may be said of a list: its path and its filter. The cursor is ours. */
export type ListInit<Path extends ListPath> = InitArgument<Init<Path, 'get'>>;
