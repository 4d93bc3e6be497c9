/** Operations as rows: what each was to do, how far it is, and the ways to stop it or take it back. */
import type { Operation, OperationStatus } from '../../../../src/contract/operation.ts';
import { actOnOperation, getOperations, may } from '../api.ts';
import { count } from '../format.ts';
import { useLoad } from '../use-load.ts';
import { confirmed } from './dialogs.tsx';
import { Problem } from './problem.tsx';
import { Time } from './small.tsx';
import { actionsColumn, type Column, Table } from './table.tsx';
import { attempt } from './toast.tsx';

/** The newest operations. `turn` changes when something was started here, so that it is seen at once. */
export function OperationsCard({ turn }: { turn: number }) {
  const { data, error, reload } = useLoad(`operations ${turn}`, (signal) => getOperations('?limit=5', signal), 2_000);
  if (error !== undefined) return <Problem error={error} onRetry={reload} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section class="card" aria-label="Operations">
      <header class="pad">
        <h2>Operations</h2>
        <span class="soft">Changes to many jobs, the newest first.</span>
        <a href="operations">all</a>
      </header>
      <OperationsTable operations={data.items} onChange={reload} />
    </section>
  );
}

const columns: readonly Column[] = [
  { title: 'What' },
  { title: 'State' },
  { title: 'Jobs', class: 'num' },
  { title: 'Stages', class: 'wide' },
  { title: 'Begun', class: 'num wide' },
  actionsColumn,
];

export function OperationsTable({ operations, onChange }: { operations: readonly Operation[]; onChange: () => void }) {
  return (
    <Table columns={columns}>
      {operations.map((operation) => (
        <Row key={operation.id} operation={operation} onChange={onChange} />
      ))}
    </Table>
  );
}

function Row({ operation, onChange }: { operation: Operation; onChange: () => void }) {
  const { action, filter, actor, status, reason, moved, matched, capped, createdAt } = operation;
  return (
    <tr class={status === 'stopped' ? 'alarm' : ''}>
      <th scope="row">
        {action} {action === 'redrive' && <span class="soft">in stages</span>}
        <small class="mono clip two">{filterWords(filter)}</small>
      </th>
      <td>
        <span class={`state ${tones[status]}`}>{status}</span>
        {reason !== null && <small class="soft">{reason}</small>}
      </td>
      <td class="num">
        {count(moved)}
        {matched !== null && <span class="soft"> of {capped ? `${count(matched)} or more` : count(matched)}</span>}
        {matched !== null && matched > 0 && isUnderWay(status) && (
          <progress class="short" max={matched} value={moved} aria-label="Jobs changed" />
        )}
      </td>
      <td class="wide">{action === 'redrive' && <Stages operation={operation} />}</td>
      <td class="num wide">
        <Time at={createdAt} />
        <small class="soft">by {actor}</small>
      </td>
      <td class="num">{may('jobs:operate') && <Actions operation={operation} onChange={onChange} />}</td>
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

function isUnderWay(status: OperationStatus): boolean {
  return status === 'running' || status === 'waiting' || status === 'undoing';
}

/** The filter as it would be typed; ids only as their number. */
export function filterWords({ ids, payload, ...fields }: Operation['filter']): string {
  const words = Object.entries(fields).map(([name, value]) => `${name}:${value}`);
  const inside = Object.entries(payload ?? {}).map(([name, value]) => `payload.${name}:${JSON.stringify(value)}`);
  return [...words, ...inside, ...(ids ? [`${count(ids.length)} chosen`] : [])].join(' ');
}

function Actions({ operation, onChange }: { operation: Operation; onChange: () => void }) {
  const { id, action, status, undoableUntil } = operation;
  const abort = async () => {
    const text = 'No further job is changed. What it has changed so far stays as it is.';
    if (!(await confirmed({ title: `Abort this ${action}?`, text, yes: 'Abort', danger: true }))) return;
    await attempt(() => actOnOperation(id, 'abort'), 'Aborted: no further job is changed');
    onChange();
  };
  const undo = async () => {
    await attempt(() => actOnOperation(id, 'undo'), 'They come back to the dead letters');
    onChange();
  };
  return (
    <span class="actions">
      {isUnderWay(status) && (
        <button type="button" class="danger" onClick={() => void abort()}>
          Abort
        </button>
      )}
      {undoableUntil !== null && !isUnderWay(status) && (
        <button type="button" onClick={() => void undo()}>
          Undo
        </button>
      )}
    </span>
  );
}
