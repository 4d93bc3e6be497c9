/** What may be done to a group of dead jobs: redrive it in stages, edit one of them, discard it. All say first how many jobs that is. */
import { useState } from 'preact/hooks';
import type { DeadGroup } from '../../../../src/contract/dead-letters.ts';
import type { OperationAction } from '../../../../src/contract/operation.ts';
import { previewOperation, startOperation } from '../api.ts';
import { count, counted } from '../format.ts';
import { confirmed } from './dialogs.tsx';
import { PayloadEditor } from './payload-editor.tsx';
import { say } from './toast.tsx';

export function GroupActions({ group, onChange }: { group: DeadGroup; onChange: () => void }) {
  const [editing, setEditing] = useState(false);
  const act = (action: Choice) => () => void change(group, action).then(onChange);
  const forGood = new URLSearchParams({ fingerprint: group.fingerprint, action: 'discard', forGood: 'true' });
  return (
    <span class="actions">
      <button type="button" aria-label={`Redrive ${group.message}`} onClick={act('redrive')}>
        Redrive
      </button>
      <button type="button" aria-label={`Edit one of ${group.message}`} onClick={() => setEditing(true)}>
        Edit one
      </button>
      <button type="button" class="danger" aria-label={`Discard ${group.message}`} onClick={act('discard')}>
        Discard
      </button>
      <a class="button danger" href={`operations/new?${forGood}`} aria-label={`Discard for good ${group.message}`}>
        Discard for good
      </a>
      {editing && (
        <PayloadEditor
          job={{ id: group.sampleId, type: group.type }}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            onChange();
          }}
        />
      )}
    </span>
  );
}

type Choice = Exclude<OperationAction, 'cancel'>;

const questions: Readonly<Record<Choice, { yes: string; danger: boolean; text: string }>> = {
  redrive: {
    yes: 'Redrive',
    danger: false,
    text: 'First one of them runs again, then ten, then a tenth, then the rest. It stops by itself when more than 10 % of a stage are dead again.',
  },
  discard: {
    yes: 'Discard',
    danger: true,
    text: 'They leave the dead letters. For a while they can be brought back: see the list of operations.',
  },
};

async function change({ fingerprint, type }: DeadGroup, action: Choice): Promise<void> {
  const filter = { fingerprint };
  const { text, ...question } = questions[action];
  try {
    const { matched, capped } = await previewOperation({ action, filter });
    const jobs = capped ? `at least ${count(matched)} jobs` : counted(matched, 'job');
    if (!(await confirmed({ ...question, text, title: `${question.yes} ${jobs} of ${type}?` }))) return;
    await startOperation({ action, filter });
    say(action === 'redrive' ? 'They are on their way again, stage by stage' : 'They are being discarded');
  } catch (error) {
    say(error instanceof Error ? error.message : String(error), 'bad');
  }
}
