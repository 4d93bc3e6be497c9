/** What is live: the overview of both lanes, the clock, and the switch that pauses both. */
import { computed, effect, signal } from '@preact/signals';
import type { Overview } from '../../overview.ts';
import { loadSession } from './api.ts';

/** The newest overview; null until the first one has come. */
export const overview = signal<Overview | null>(null);
/** Ticks each second, so that ages grow between two readings. Milliseconds. */
export const now = signal(Date.now());
/** True: the operator wants the page to hold still. */
export const paused = signal(false);
const hidden = signal(document.hidden);
const heardAt = signal(0);

/** True while anything may be refreshed: not paused, and somebody can see it. */
export const refreshing = computed(() => !paused.value && !hidden.value);
/** Age of what is shown, milliseconds; null before the first reading. */
export const ageMs = computed(() => (heardAt.value === 0 ? null : Math.max(0, now.value - heardAt.value)));

const reopenMs = 3_000;

/**
 * Follows events of one name below `api/` until the returned function is called. A broken connection is mended by the
 * browser, a refused one by asking again: for the session first, which leads to the login when it is over.
 */
export function follow<T>(path: string, name: string, onEvent: (value: T) => void): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  const open = () => {
    if (over) return;
    source = new EventSource(new URL(`api/${path}`, document.baseURI));
    source.addEventListener(name, (event) => onEvent(JSON.parse((event as MessageEvent<string>).data) as T));
    source.addEventListener('error', () => {
      if (!over && source?.readyState === EventSource.CLOSED) timer = setTimeout(reopen, reopenMs);
    });
  };
  const reopen = () =>
    void loadSession().then(open, () => {
      if (!over) timer = setTimeout(reopen, reopenMs);
    });
  open();
  return () => {
    over = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** Starts the clock and the live overview. */
export function startLive(): void {
  setInterval(() => {
    if (!paused.value) now.value = Date.now();
  }, 1_000);
  document.addEventListener('visibilitychange', () => {
    hidden.value = document.hidden;
  });
  effect(() => {
    if (!refreshing.value) return;
    return follow<Overview>('overview/events', 'overview', (value) => {
      overview.value = value;
      heardAt.value = Date.now();
      now.value = Date.now();
    });
  });
}
