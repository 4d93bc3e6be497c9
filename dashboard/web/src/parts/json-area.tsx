/** A text that has to be JSON: passed on while it is; the form around it can't be sent while it is not. */
import { useState } from 'preact/hooks';
import type { Json } from '../../../../src/contract/words.ts';

/** For screen readers: its name where no label stands around it, and what is wrong with it. */
export interface Marks {
  'aria-label'?: string;
  'aria-invalid'?: boolean;
  'aria-describedby'?: string | undefined;
}

interface AreaProps {
  /** What the text begins as; what is typed afterwards stays as it was typed. Undefined: nothing. */
  value: Json | undefined;
  /** Whether it may be emptied, which passes undefined on. */
  mayBeEmpty: boolean;
  rows?: number;
  marks: Marks;
  onChange(value: Json | undefined): void;
}

export function JsonArea({ value, mayBeEmpty, rows, marks, onChange }: AreaProps) {
  const [text, setText] = useState(value === undefined ? '' : JSON.stringify(value, null, 2));
  const type = (area: HTMLTextAreaElement) => {
    setText(area.value);
    try {
      onChange(mayBeEmpty && area.value.trim() === '' ? undefined : (JSON.parse(area.value) as Json));
      area.setCustomValidity('');
    } catch (error) {
      area.setCustomValidity(`This is not JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (
    <textarea
      rows={rows ?? Math.min(12, text.split('\n').length + 1)}
      spellcheck={false}
      value={text}
      onInput={(event) => type(event.currentTarget)}
      {...marks}
    />
  );
}
