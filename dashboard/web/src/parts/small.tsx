/** The small parts that several pages show. */
import type { JobState } from '../../../../src/contract/state.ts';
import { ago, timestamp } from '../format.ts';
import { now } from '../live.ts';

export function State({ state }: { state: JobState }) {
  return <span class={`state ${state}`}>{state}</span>;
}

/** How long ago, with the exact time on hover. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={timestamp(at)}>
      {ago(at, now.value)}
    </time>
  );
}

/** A small line of numbers. It is decoration: the number beside it says the same. */
export function Spark({ values }: { values: readonly number[] }) {
  const top = Math.max(1, ...values);
  const step = values.length > 1 ? 96 / (values.length - 1) : 96;
  const points = values.map((value, index) => `${(index * step).toFixed(1)} ${(20 - (value / top) * 18).toFixed(1)}`);
  return (
    <svg class="spark" viewBox="0 0 96 22" preserveAspectRatio="none" aria-hidden="true">
      <path d={points.length > 0 ? `M${points.join(' ')}` : ''} />
    </svg>
  );
}

/** Nothing to show: why, and what to do. */
export function Empty({ title, children }: { title: string; children: preact.ComponentChildren }) {
  return (
    <div class="empty">
      <p>
        <b>{title}</b>
      </p>
      <p class="soft">{children}</p>
    </div>
  );
}

/** JSON, readable; ids stay exact because they are texts. */
export function JsonBlock({ value, label }: { value: unknown; label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <section class="code" tabIndex={0} aria-label={label}>
      <pre>{JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
