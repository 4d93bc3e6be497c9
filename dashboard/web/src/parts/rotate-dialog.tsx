/** A new value for an API key, while the one before it goes on to work for a time. */
import { rotateKey } from '../api.ts';
import { SecretDialog } from './secret-dialog.tsx';

const spans = [
  { title: '1 day', hours: 24 },
  { title: '1 hour', hours: 1 },
  { title: '7 days', hours: 168 },
  { title: '30 days', hours: 720 },
  { title: 'not at all: it has leaked', hours: 0 },
];

export function RotateDialog({ name, ...rest }: { name: string; onClose(): void; onDone(): void }) {
  const make = async (fields: FormData) => (await rotateKey(name, Number(fields.get('hours')))).key;
  return (
    <SecretDialog title={`Rotate ${name}`} yes="Make a new value" make={make} {...rest}>
      <label>
        The present value works for another
        <select name="hours">
          {spans.map(({ title, hours }) => (
            <option key={hours} value={hours}>
              {title}
            </option>
          ))}
        </select>
      </label>
    </SecretDialog>
  );
}
