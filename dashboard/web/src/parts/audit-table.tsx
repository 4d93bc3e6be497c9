/** Lines of the audit as rows. */
import type { AuditRow } from '../../../../src/http/read-audit.ts';
import { Time } from './small.tsx';
import { type Column, Table } from './table.tsx';

const columns: readonly Column[] = [
  { title: 'When' },
  { title: 'Who' },
  { title: 'What' },
  { title: 'To what' },
  { title: 'Detail', class: 'wide' },
  { title: 'Outcome' },
];

export function AuditTable({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <Table columns={columns}>
      {rows.map((row) => (
        <tr key={row.id}>
          <td class="nowrap">
            <Time at={row.at} />
          </td>
          <th scope="row">
            <a href={`audit?${new URLSearchParams({ actor: row.actor })}`}>{row.actor}</a>
          </th>
          <td>
            <a href={`audit?${new URLSearchParams({ action: row.action })}`}>{row.action}</a>
          </td>
          <td class="mono">
            <Target target={row.target} action={row.action} />
          </td>
          <td class="wide mono clip-cell" title={row.detail === null ? '' : JSON.stringify(row.detail)}>
            {row.detail === null ? '' : JSON.stringify(row.detail)}
          </td>
          <td class={row.outcome === 'done' ? 'soft' : 'bad'}>{row.outcome ?? 'cut short'}</td>
        </tr>
      ))}
    </Table>
  );
}

/** Leads to what was changed, where there is a page of it. */
function Target({ target, action }: { target: string; action: string }) {
  const href = hrefOf(target, action);
  return href === undefined ? target : <a href={href}>{target}</a>;
}

function hrefOf(target: string, action: string): string | undefined {
  if (action.startsWith('operation.')) return 'operations';
  if (/^\d+$/.test(target)) return `jobs/${target}`;
  const [, lane, queue] = /^(realtime|bulk)\/(.+)$/.exec(target) ?? [];
  if (lane && queue) return `jobs?${new URLSearchParams({ lane, queue })}`;
  const [, kind, name] = /^(type|key|schedule)[:/](.+)$/.exec(target) ?? [];
  return kind && name ? `jobs?${new URLSearchParams({ [kind]: name })}` : undefined;
}
