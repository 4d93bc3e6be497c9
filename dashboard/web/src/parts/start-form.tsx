/** The last question before many jobs are changed: their number has to be typed. */
import { useState } from 'preact/hooks';
import { count, counted } from '../format.ts';

/** Up to so many a click is enough. */
const few = 10;

interface FormProps {
  title: string;
  /** Stands behind the number of jobs on the button. */
  after?: string;
  danger: boolean;
  matched: number;
  onStart(): void;
}

export function StartForm({ title, after = '', danger, matched, onStart }: FormProps) {
  const [typed, setTyped] = useState('');
  const [begun, setBegun] = useState(false);
  const sure = matched <= few || typed.replace(/\D/g, '') === String(matched);
  return (
    <form
      class="pad start"
      onSubmit={(event) => {
        event.preventDefault();
        setBegun(true);
        onStart();
      }}
    >
      {matched > few && (
        <label>
          Type {count(matched)} to go on
          <input
            inputMode="numeric"
            autocomplete="off"
            value={typed}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
      )}
      <button type="submit" class={danger ? 'danger solid' : 'main'} disabled={!sure || begun}>
        {title} {counted(matched, 'job')}
        {after}
      </button>
    </form>
  );
}
