/** API keys: who has which, what each may do and how often, when it was last used; made, rotated and removed here. */
import { useState } from 'preact/hooks';
import { getKeys, may } from '../api.ts';
import { KeyDialog } from '../parts/key-dialog.tsx';
import { KeyRow } from '../parts/key-row.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { actionsColumn, type Column, Table } from '../parts/table.tsx';
import { useLoad } from '../use-load.ts';

const columns: readonly Column[] = [
  { title: 'Key' },
  { title: 'Scopes' },
  { title: 'Tenant', class: 'wide' },
  { title: 'Calls a minute', class: 'num wide' },
  { title: 'Last used', class: 'wide' },
  { title: 'Expires' },
  actionsColumn,
];

export function Keys() {
  const { data, error, reload } = useLoad('keys', getKeys, 5_000);
  const [adding, setAdding] = useState(false);
  return (
    <section class="card">
      <header class="pad">
        <h1>Keys</h1>
        <span class="soft">Programs call the API with these.</span>
        {data && may('keys:write') && (
          <button type="button" onClick={() => setAdding(true)}>
            New key
          </button>
        )}
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data?.items.length === 0 && (
        <Empty title="There is no API key">
          Nobody can call the API. Make one here, or with `twolane credentials add`.
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <Table columns={columns}>
          {data.items.map((key) => (
            <KeyRow key={key.name} apiKey={key} onChange={reload} />
          ))}
        </Table>
      )}
      {adding && data && <KeyDialog scopes={data.scopes} onClose={() => setAdding(false)} onDone={reload} />}
    </section>
  );
}
