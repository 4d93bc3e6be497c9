/** Keyboard shortcuts: one list, shown by `?`, silent while somebody types. */
import { signal } from '@preact/signals';
import { paused } from './live.ts';
import { go } from './router.ts';

export interface Shortcut {
  /** A key, or two pressed one after the other: `g j`. */
  keys: string;
  what: string;
  run(): void;
}

/** True while the list of shortcuts is shown. */
export const helpOpen = signal(false);

const everywhere: readonly Shortcut[] = [
  { keys: 'g o', what: 'Overview', run: () => go('./') },
  { keys: 'g j', what: 'Jobs', run: () => go('jobs') },
  { keys: 'g d', what: 'Dead letters', run: () => go('dead') },
  { keys: 'g b', what: 'Operations on many jobs', run: () => go('operations') },
  { keys: 'g s', what: 'Schedules', run: () => go('schedules') },
  { keys: 'g w', what: 'Workers', run: () => go('workers') },
  { keys: 'g m', what: 'Metrics', run: () => go('metrics') },
  { keys: 'g f', what: 'Media and feeds', run: () => go('media') },
  { keys: 'g l', what: 'Alerts', run: () => go('alerts') },
  { keys: 'g a', what: 'Audit', run: () => go('audit') },
  { keys: 'g k', what: 'Keys', run: () => go('keys') },
  {
    keys: '/',
    what: 'Search jobs',
    run: () => document.querySelector<HTMLInputElement>('input[type=search]')?.focus(),
  },
  {
    keys: 'p',
    what: 'Pause or resume live updates',
    run: () => {
      paused.value = !paused.value;
    },
  },
  {
    keys: '?',
    what: 'These shortcuts',
    run: () => {
      helpOpen.value = !helpOpen.value;
    },
  },
];

/** Those of the page that is open. */
export const pageShortcuts = signal<readonly Shortcut[]>([]);
export const allShortcuts = () => [...everywhere, ...pageShortcuts.value];

let prefix = '';

export function listenToKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') && event.key !== '?') return;
    const typed = prefix ? `${prefix} ${event.key}` : event.key;
    prefix = typed === 'g' ? 'g' : '';
    const shortcut = allShortcuts().find(({ keys }) => keys === typed);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]') !== null
  );
}
