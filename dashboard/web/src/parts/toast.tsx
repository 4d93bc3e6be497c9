/** One short line after an action, announced to screen readers, gone after a while. */
import { effect, signal } from '@preact/signals';

const line = signal<{ text: string; tone: 'good' | 'bad' } | null>(null);

/** Says that something was done, or why it was not. */
export function say(text: string, tone: 'good' | 'bad' = 'good'): void {
  line.value = { text, tone };
}

effect(() => {
  const shown = line.value;
  if (!shown) return;
  const timer = setTimeout(
    () => {
      line.value = null;
    },
    shown.tone === 'bad' ? 9_000 : 4_000,
  );
  return () => clearTimeout(timer);
});

export function Toast() {
  const shown = line.value;
  return (
    <div class="toast" role="status" aria-live="polite">
      {shown && <p class={shown.tone}>{shown.text}</p>}
    </div>
  );
}

/** Does something and says that it was done, or why not. False when it was not. */
export async function attempt(work: () => Promise<unknown>, done: string): Promise<boolean> {
  try {
    await work();
    say(done);
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), 'bad');
    return false;
  }
}
