/** The client: every call of the API with its types, and a few friendlier ones on top. Runs in Node.js and in browsers. */
import openApiClient from 'openapi-fetch';
import { type FollowOptions, followJob, type JobEvent } from './follow.ts';
import type { components, paths } from './openapi.ts';
import { type SendOptions, sender } from './send.ts';
import type { Call, ItemOf, ListInit, ListPath, Method } from './types.ts';

type Schemas = components['schemas'];

export interface ClientOptions extends SendOptions {
  /** Where the API is, such as `https://jobs.example.com`; the API may be mounted under a path. */
  url: string;
}

export interface TwolaneClient {
  /** `client.get('/v1/jobs/{id}', { params: { path: { id } } })` and so on: every call of the API by its path. */
  get: Call<'get'>;
  post: Call<'post'>;
  put: Call<'put'>;
  patch: Call<'patch'>;
  delete: Call<'delete'>;
  /** The entries of a list over all its pages; the next page is asked for when it is needed. */
  each<Path extends ListPath>(path: Path, ...init: ListInit<Path>): AsyncGenerator<ItemOf<Path>, void, undefined>;
  /** Enqueues one job. */
  enqueue(type: string, payload: unknown, options?: Schemas['EnqueueOptions']): Promise<Schemas['EnqueuedJob']>;
  /** Up to 10,000 jobs, all or none. */
  enqueueMany(jobs: Schemas['NewJob'][]): Promise<Schemas['EnqueuedJob'][]>;
  /** All that is known of a job. */
  job(id: string): Promise<Schemas['Job']>;
  /** What happens to a job, from now until it has ended. */
  follow(id: string, options?: FollowOptions): AsyncGenerator<JobEvent, void, undefined>;
  /** Waits until a job has ended, and answers it. */
  finished(id: string, options?: FollowOptions): Promise<Schemas['Job']>;
}

/**
 * Builds a client.
 * @example createClient({ url: 'http://127.0.0.1:3000', key: 'tl_…' })
 */
export function createClient({ url, ...options }: ClientOptions): TwolaneClient {
  const base = url.replace(/\/+$/, '');
  const send = sender(options);
  const http = openApiClient<paths>({ baseUrl: base, fetch: send });
  // The types stand in `Call`; inside, all methods are one.
  const request = http.request as (method: string, path: string, init?: object) => Promise<{ data?: unknown }>;
  const call = <M extends Method>(method: M) =>
    (async (path: string, init?: object) => (await request(method, path, init)).data) as Call<M>;
  const get = call('get');
  const post = call('post');
  const job = async (id: string) => (await get('/v1/jobs/{id}', { params: { path: { id } } })) as Schemas['Job'];
  const follow = (id: string, options?: FollowOptions) =>
    followJob(send, `${base}/v1/jobs/${encodeURIComponent(id)}/events`, options);
  return {
    get,
    post,
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
    each: (path, ...init) => eachOf(request, path, init[0]),
    enqueue: (type, payload, options) => post('/v1/jobs', { body: { type, payload, ...(options && { options }) } }),
    enqueueMany: async (jobs) => (await post('/v1/jobs/bulk', { body: { jobs } })).jobs,
    job,
    follow,
    async finished(id, options) {
      for await (const _event of follow(id, options));
      return job(id);
    },
  };
}

interface QueryInit {
  params?: { query?: Record<string, unknown> };
}

async function* eachOf<Item>(
  request: (method: string, path: string, init?: object) => Promise<{ data?: unknown }>,
  path: string,
  init: QueryInit = {},
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | null | undefined;
  do {
    const query = { ...init.params?.query, ...(cursor != null && { cursor }) };
    const { data } = await request('get', path, { ...init, params: { ...init.params, query } });
    const page = data as { items: Item[]; nextCursor: string | null };
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}
