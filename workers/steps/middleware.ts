/** Step: the middleware of an app, put around a handler in the order of the list. */
import type { JobContext, Json, Middleware } from '../../src/contract/index.ts';

/** Runs the middleware around one handler and answers what comes out of it. */
export type Around = (context: JobContext, payload: Json, handler: () => Promise<unknown>) => Promise<unknown>;

/** Undefined without middleware: then nothing is done for any job. */
export function composeMiddleware(list: readonly Middleware[]): Around | undefined {
  if (list.length === 0) return undefined;
  return (context, payload, handler) => {
    // The context reads its signal when somebody looks at it, so it is extended and not copied.
    const job = Object.create(context, { payload: { value: payload, enumerable: true } });
    const from = (index: number): Promise<unknown> => {
      const middleware = list[index];
      if (!middleware) return handler();
      return middleware(
        job,
        once(() => from(index + 1)),
      );
    };
    return from(0);
  };
}

function once(next: () => Promise<unknown>): () => Promise<unknown> {
  let called = false;
  return async () => {
    if (called) throw new TypeError('A middleware called next() twice; the handler runs once per attempt');
    called = true;
    return next();
  };
}
