/** Another threshold, another patience, off, or a rule of its own for one queue or schedule. */
import { useState } from 'preact/hooks';
import { type AlertRule, factsOfAlert } from '../../../../src/contract/alerts.ts';
import { dropAlertRule, setAlertRule } from '../api.ts';
import { Modal } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { say } from './toast.tsx';

interface EditorProps {
  rule: AlertRule;
  onClose(): void;
  onDone(): void;
}

export function RuleEditor({ rule, onClose, onDone }: EditorProps) {
  const [error, setError] = useState<unknown>();
  const { title, unit } = factsOfAlert(rule.kind);
  const change = (work: () => Promise<unknown>, done: string) =>
    work().then(() => {
      say(done);
      onClose();
      onDone();
    }, setError);
  const submit = (form: HTMLFormElement) => {
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    const written = {
      kind: rule.kind,
      target: text('target') || null,
      threshold: unit === undefined ? null : Number(text('threshold')),
      forS: Number(text('forS')),
      enabled: fields.has('enabled'),
    };
    void change(() => setAlertRule(written), 'The rule is written; it counts from the next look on');
  };
  return (
    <Modal title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit(event.currentTarget);
        }}
      >
        {unit !== undefined && (
          <label>
            From so many {unit}
            <input name="threshold" type="number" step="any" min={0} required defaultValue={rule.threshold ?? ''} />
          </label>
        )}
        <label>
          When it lasts for so many seconds
          <input name="forS" type="number" min={0} max={86_400} required defaultValue={rule.forS} />
        </label>
        <label>
          {rule.kind === 'schedule_missed' ? 'For this schedule alone' : 'For this queue alone, as lane/queue'}
          <input name="target" placeholder="all" defaultValue={rule.target ?? ''} />
        </label>
        <label class="choice plain">
          <input type="checkbox" name="enabled" defaultChecked={rule.enabled} /> in force
        </label>
        {error !== undefined && <Problem error={error} />}
        <div class="actions">
          {rule.updatedBy !== null && (
            <button
              type="button"
              onClick={() =>
                void change(() => dropAlertRule(rule.kind, rule.target), 'The rule before it counts again')
              }
            >
              Go back to what was
            </button>
          )}
          <button type="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="main">
            Write the rule
          </button>
        </div>
      </form>
    </Modal>
  );
}
