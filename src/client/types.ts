/** Types that are worked out from those of the API: what a call is given and what it answers. */
import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { paths } from './openapi.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Paths that take calls of a method. */
type PathsWith<M extends Method> = {
  [Path in keyof paths]: paths[Path] extends { [K in M]: object } ? Path : never;
}[keyof paths];

type RequiredKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];

type Init<Path extends keyof paths, M extends Method> = MaybeOptionalInit<paths[Path], M>;

/** The second argument may be left out where nothing in it is needed. */
type InitArgument<T> = RequiredKeys<T> extends never ? [init?: T] : [init: T];

type Operation<Path extends keyof paths, M extends Method> = Extract<
  paths[Path][M & keyof paths[Path]],
  Record<string | number, unknown>
>;

/** What a call answers when all goes well. */
export type Answer<Path extends keyof paths, M extends Method> = Exclude<
  FetchResponse<Operation<Path, M>, unknown, 'application/json'>['data'],
  undefined
>;

/** Calls of one method: `(path, {params, body, headers, signal})` to the answer. */
export type Call<M extends Method> = <Path extends PathsWith<M>>(
  path: Path,
  ...init: InitArgument<Init<Path, M>>
) => Promise<Answer<Path, M>>;

/** Lists that come in pages. */
export type ListPath = {
  [Path in PathsWith<'get'>]: Answer<Path, 'get'> extends { items: unknown[]; nextCursor: string | null }
    ? Path
    : never;
}[PathsWith<'get'>];

/** One entry of such a list. */
export type ItemOf<Path extends ListPath> = Answer<Path, 'get'> extends { items: (infer Item)[] } ? Item : never;

/** What may be said of a list: its path and its filter. The cursor is ours. */
export type ListInit<Path extends ListPath> = InitArgument<Init<Path, 'get'>>;
