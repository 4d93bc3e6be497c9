/** The newest operations: what each was to do, how far it is, and the ways to stop it or take it back. */
import type { Operation, OperationStatus } from '../../../../src/contract/operation.ts';
import { actOnOperation, getOperations, session } from '../api.ts';
import { count } from '../format.ts';
import { useLoad } from '../use-load.ts';
import { Problem } from './problem.tsx';
import { Time } from './small.tsx';
import { say } from './toast.tsx';

/** `turn` changes when something was started here, so that it is seen at once. */
export function OperationsCard({ turn }: { turn: number }) {
  const { data, error, reload } = useLoad(`operations ${turn}`, getOperations, 2_000);
  if (error !== undefined) return <Problem error={error} onRetry={reload} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section class="card" aria-label="Operations">
      <header class="pad">
        <h2>Operations</h2>
        <span class="soft">Redrives and discards of many jobs, the newest first.</span>
      </header>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th>What</th>
              <th>State</th>
              <th class="num">Jobs</th>
              <th>Stages</th>
              <th class="num">Begun</th>
              <th aria-label="What to do" />
            </tr>
          </thead>
          <tbody>
            {data.items.map((operation) => (
              <Row key={operation.id} operation={operation} onChange={reload} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ operation, onChange }: { operation: Operation; onChange: () => void }) {
  const { action, filter, actor, status, reason, moved, matched, capped, createdAt } = operation;
  return (
    <tr class={status === 'stopped' ? 'alarm' : ''}>
      <th scope="row">
        {action} {action === 'redrive' && <span class="soft">in stages</span>}
        <small class="mono">
          {Object.entries(filter)
            .map(([name, value]) => `${name}:${typeof value === 'string' ? value : JSON.stringify(value)}`)
            .join(' ')}
        </small>
      </th>
      <td>
        <span class={`state ${tones[status]}`}>{status}</span>
        {reason !== null && <small class="soft">{reason}</small>}
      </td>
      <td class="num">
        {count(moved)}
        {matched !== null && <span class="soft"> of {capped ? `${count(matched)} or more` : count(matched)}</span>}
      </td>
      <td>{action === 'redrive' && <Stages operation={operation} />}</td>
      <td class="num">
        <Time at={createdAt} />
        <small class="soft">by {actor}</small>
      </td>
      <td class="num">{!session.value?.readOnly && <Actions operation={operation} onChange={onChange} />}</td>
    </tr>
  );
}

const tones: Readonly<Record<OperationStatus, string>> = {
  running: 'running',
  waiting: 'waiting',
  undoing: 'running',
  done: 'succeeded',
  undone: 'cancelled',
  aborted: 'cancelled',
  stopped: 'dead',
};

/** `1 ✓ · 10 ✓ · 10%: 3 of 40 dead again · all`. */
function Stages({ operation: { stages, stage, status } }: { operation: Operation }) {
  const over = status === 'done';
  return (
    <span>
      {stages.map(({ size, watched, dead }, index) => (
        <span key={String(size)} class={index > stage ? 'soft' : ''}>
          {index > 0 && ' · '}
          {size}
          {(index < stage || (over && index === stage)) && dead === 0 && ' ✓'}
          {dead > 0 && <b class="bad">{`: ${count(dead)} of ${count(watched)} dead again`}</b>}
        </span>
      ))}
    </span>
  );
}

function Actions({ operation, onChange }: { operation: Operation; onChange: () => void }) {
  const { id, status, undoableUntil } = operation;
  const under = status === 'running' || status === 'waiting' || status === 'undoing';
  const act = (action: 'abort' | 'undo', said: string) => () =>
    void actOnOperation(id, action)
      .then(() => say(said))
      .catch((error: unknown) => say(error instanceof Error ? error.message : String(error), 'bad'))
      .then(onChange);
  return (
    <span class="actions">
      {under && (
        <button type="button" class="danger" onClick={act('abort', 'Aborted: no further job is moved')}>
          Abort
        </button>
      )}
      {undoableUntil !== null && !under && (
        <button type="button" onClick={act('undo', 'They come back to the dead letters')}>
          Undo
        </button>
      )}
    </span>
  );
}
