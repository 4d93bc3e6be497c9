/** Open alerts as rows: what, since when, the chapter of the runbook, and the ways to say that somebody is at it. */
import { useState } from 'preact/hooks';
import { type Alert, alertKinds, chapterId } from '../../../../src/contract/alerts.ts';
import { acknowledgeAlert, may } from '../api.ts';
import { SilenceDialog } from './silence-dialog.tsx';
import { Time } from './small.tsx';
import { actionsColumn, type Column, Table } from './table.tsx';
import { attempt } from './toast.tsx';

const columns: readonly Column[] = [
  { title: 'What' },
  { title: 'Since', class: 'num' },
  { title: 'State', class: 'wide' },
  actionsColumn,
];

export function AlertTable({ alerts, onChange }: { alerts: readonly Alert[]; onChange: () => void }) {
  const [silencing, setSilencing] = useState<Alert>();
  return (
    <>
      <Table columns={columns}>
        {alerts.map((alert) => (
          <AlertRow key={alert.id} alert={alert} onChange={onChange} onSilence={() => setSilencing(alert)} />
        ))}
      </Table>
      {silencing && <SilenceDialog alert={silencing} onClose={() => setSilencing(undefined)} onDone={onChange} />}
    </>
  );
}

interface RowProps {
  alert: Alert;
  onChange(): void;
  onSilence(): void;
}

function AlertRow({ alert, onChange, onSilence }: RowProps) {
  const { id, kind, target, message, since, acknowledged, silenced } = alert;
  const { title, runbook } = alertKinds[kind];
  const quiet = silenced || acknowledged !== null;
  return (
    <tr class={quiet ? '' : 'alarm'}>
      <th scope="row">
        <b>{title}</b>: <a href={targetHref(kind, target)}>{target}</a>
        <small>
          {message} · <a href={`runbook#${chapterId(runbook)}`}>What to do</a>
        </small>
      </th>
      <td class="num">
        <Time at={since} />
      </td>
      <td class="wide">
        {silenced ? 'silenced' : acknowledged ? `${acknowledged.by} is at it` : <b class="bad">open</b>}
      </td>
      <td class="num">
        {may('alerts:operate') && (
          <span class="actions">
            {acknowledged === null && (
              <button
                type="button"
                aria-label={`Acknowledge ${title}: ${target}`}
                onClick={() =>
                  void attempt(() => acknowledgeAlert(id), 'Acknowledged: it is not told again').then(onChange)
                }
              >
                Acknowledge
              </button>
            )}
            {!silenced && (
              <button type="button" aria-label={`Silence ${title}: ${target}`} onClick={onSilence}>
                Silence
              </button>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}

/** Where the thing that the alert is about is seen. */
function targetHref(kind: Alert['kind'], target: string): string {
  if (kind === 'schedule_missed') return 'schedules';
  const [, lane = '', queue = ''] = /^(realtime|bulk)\/(\S+)/.exec(target) ?? [];
  if (kind === 'failure_rate' || kind === 'dead_growth')
    return `jobs?${new URLSearchParams({ lane, queue, state: 'dead' })}`;
  return `jobs?${new URLSearchParams({ lane, queue })}`;
}
