/** Other times for a schedule; the server checks them and says what is wrong. */
import type { Schedule } from '../../../../src/contract/schedule.ts';
import { setTimes } from '../api.ts';
import { FormDialog } from './form-dialog.tsx';
import { say } from './toast.tsx';

interface EditorProps {
  schedule: Schedule;
  onClose(): void;
  onDone(): void;
}

export function TimesEditor({ schedule, onClose, onDone }: EditorProps) {
  const send = async (fields: FormData) => {
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    const { words } = await setTimes(schedule.name, {
      cron: text('cron') || null,
      timeZone: text('timeZone') || 'UTC',
      everyMs: text('everyMs') ? Number(text('everyMs')) : null,
    });
    say(`${schedule.name}: ${words ?? 'its times are changed'}`);
    onDone();
  };
  return (
    <FormDialog title={`Times of ${schedule.name}`} yes="Change the times" send={send} onClose={onClose}>
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
    </FormDialog>
  );
}
