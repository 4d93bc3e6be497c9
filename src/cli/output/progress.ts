/** A progress bar on standard error: one line that is written anew on a terminal, and nothing elsewhere. */
import type { Terminal } from '../terminal.ts';
import { cut } from './width.ts';

const cells = 24;

export interface Progress {
  /** @param share 0 to 1; undefined while nobody knows how much there is */
  show(share: number | undefined, note: string): void;
  /** Takes the line away, so that results follow. */
  end(): void;
}

/** Begins a progress bar; nothing is drawn before the first `show`. */
export function progressOn({ err, live, columns }: Pick<Terminal, 'err' | 'live' | 'columns'>): Progress {
  let shown = '';
  const room = Math.min(columns, 120) - 1;
  return {
    show(share, note) {
      if (!live) return;
      const line = cut(`${share === undefined ? '' : `${barOf(share)} `}${note}`, room);
      if (line !== shown) err(`\r\u001b[K${line}`);
      shown = line;
    },
    end() {
      if (shown) err('\r\u001b[K');
      shown = '';
    },
  };
}

/** `█████▌░░░░  42 %` */
export function barOf(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  const full = Math.floor(bounded * cells);
  return `${'█'.repeat(full)}${'░'.repeat(cells - full)} ${String(Math.floor(bounded * 100)).padStart(3)} %`;
}
