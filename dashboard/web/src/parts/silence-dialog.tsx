/** How long, why, and whether for this target alone: then nobody is told. */
import { type Alert, alertKinds } from '../../../../src/contract/alerts.ts';
import { silenceAlerts } from '../api.ts';
import { FormDialog } from './form-dialog.tsx';
import { say } from './toast.tsx';

const spans = [
  { title: '30 minutes', minutes: 30 },
  { title: '2 hours', minutes: 120 },
  { title: '8 hours', minutes: 480 },
  { title: '1 day', minutes: 1_440 },
  { title: '7 days', minutes: 10_080 },
];

interface DialogProps {
  alert: Alert;
  onClose(): void;
  onDone(): void;
}

export function SilenceDialog({ alert: { kind, target }, onClose, onDone }: DialogProps) {
  const send = async (fields: FormData) => {
    await silenceAlerts({
      kind: fields.get('all') ? null : kind,
      target,
      reason: String(fields.get('reason') ?? ''),
      minutes: Number(fields.get('minutes')),
    });
    say('Silenced: nobody is told until then');
    onClose();
    onDone();
  };
  return (
    <FormDialog title={`Silence ${target}`} yes="Silence" send={send} onClose={onClose}>
      <label>
        For
        <select name="minutes">
          {spans.map(({ title, minutes }) => (
            <option key={minutes} value={minutes}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        Why
        <input name="reason" required maxLength={500} />
      </label>
      <label class="choice plain">
        <input type="checkbox" name="all" /> all alerts of {target}, not only: {alertKinds[kind].title.toLowerCase()}
      </label>
    </FormDialog>
  );
}
