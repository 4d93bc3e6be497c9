/** Loads data for a component, again when its key changes, and again every so often while the page is live. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { refreshing } from './live.ts';

export interface Loaded<T> {
  /** The newest answer for this key; undefined before the first. */
  data: T | undefined;
  /** Why the last try failed; undefined after one that went well. */
  error: unknown;
  reload(): void;
}

/** `everyMs` 0 means: once per key, and on `reload`. */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>, everyMs = 0): Loaded<T> {
  const [state, setState] = useState<{ key: string; data?: T; error?: unknown }>({ key });
  const [turn, setTurn] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const reload = useCallback(() => setTurn((now) => now + 1), []);
  useEffect(() => {
    const over = new AbortController();
    latest.current(over.signal).then(
      (data) => setState({ key, data }),
      (error: unknown) => {
        if (!over.signal.aborted) setState((last) => ({ key, data: last.key === key ? last.data : undefined, error }));
      },
    );
    return () => over.abort();
  }, [key, turn]);
  useEffect(() => {
    if (everyMs === 0) return;
    const timer = setInterval(() => refreshing.value && reload(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, reload]);
  const current = state.key === key;
  return { data: current ? state.data : undefined, error: current ? state.error : undefined, reload };
}
