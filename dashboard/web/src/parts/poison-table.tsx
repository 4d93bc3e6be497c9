/** Files that failed, as rows. Those of an older pipeline may be run again, all of a code together. */
import type { PoisonRecord } from '../../../../src/contract/media.ts';
import { may, rerunPoison } from '../api.ts';
import { confirmed } from './dialogs.tsx';
import { Time } from './small.tsx';
import { actionsColumn, type Column, Table } from './table.tsx';
import { attempt } from './toast.tsx';

const columns: readonly Column[] = [
  { title: 'Why' },
  { title: 'Kind', class: 'wide' },
  { title: 'Times', class: 'num wide' },
  { title: 'Content', class: 'wide' },
  { title: 'Last', class: 'num' },
  { title: 'Job' },
  actionsColumn,
];

export function PoisonTable({ records, onChange }: { records: readonly PoisonRecord[]; onChange: () => void }) {
  return (
    <Table columns={columns}>
      {records.map((record) => (
        <tr key={record.sha256}>
          <th scope="row">
            {record.message}
            <small class="mono">{record.code}</small>
          </th>
          <td class="wide">
            {record.kind}
            <small>
              pipeline {record.pipeline}
              {record.outdated && ', outdated'}
            </small>
          </td>
          <td class="num wide">{record.failures}</td>
          <td class="wide mono" title={record.sha256}>
            {record.sha256.slice(0, 12)}
          </td>
          <td class="num">
            <Time at={record.lastAt} />
          </td>
          <td class="mono">
            <a href={`jobs/${record.jobId}`}>{record.jobId}</a>
          </td>
          <td class="num">
            {record.outdated && may('jobs:operate') && (
              <button type="button" onClick={() => void rerun(record).then(onChange)}>
                Run again
              </button>
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}

async function rerun({ kind, code }: PoisonRecord): Promise<void> {
  const title = `Run all ${kind}s again that failed with ${code}?`;
  const text = 'Their dead jobs are redriven in stages with the present pipeline; it stops when they fail again.';
  if (!(await confirmed({ title, text, yes: 'Run again', danger: false }))) return;
  await attempt(() => rerunPoison(kind, code), 'They are on their way again: see the operations');
}
