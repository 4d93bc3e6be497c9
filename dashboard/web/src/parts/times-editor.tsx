/** Other times for a schedule; the server checks them and says what is wrong. */
import { useRef, useState } from 'preact/hooks';
import type { Schedule } from '../../../../src/contract/schedule.ts';
import { setTimes } from '../api.ts';
import { Modal } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { say } from './toast.tsx';

interface EditorProps {
  schedule: Schedule;
  onClose(): void;
  onDone(): void;
}

export function TimesEditor({ schedule, onClose, onDone }: EditorProps) {
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState<unknown>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const fields = new FormData(form.current ?? undefined);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    try {
      const { words } = await setTimes(schedule.name, {
        cron: text('cron') || null,
        timeZone: text('timeZone') || 'UTC',
        everyMs: text('everyMs') ? Number(text('everyMs')) : null,
      });
      say(`${schedule.name}: ${words ?? 'its times are changed'}`);
      onDone();
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Modal title={`Times of ${schedule.name}`} onClose={onClose}>
      <form ref={form} onSubmit={(event) => void submit(event)}>
        <label>
          Cron: minute hour day month weekday
          <input name="cron" class="mono" spellcheck={false} defaultValue={schedule.cron ?? ''} />
        </label>
        <label>
          Time zone
          <input name="timeZone" spellcheck={false} defaultValue={schedule.timeZone} />
        </label>
        <label>
          Or every so many milliseconds
          <input name="everyMs" type="number" min={1_000} defaultValue={schedule.everyMs ?? ''} />
        </label>
        {error !== undefined && <Problem error={error} />}
        <div class="actions">
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="main">
            Change the times
          </button>
        </div>
      </form>
    </Modal>
  );
}
