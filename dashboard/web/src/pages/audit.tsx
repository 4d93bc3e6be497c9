/** Who did what to what; the filter is the query string, so that every view is a link. */
import type { AuditRow } from '../../../../src/http/read-audit.ts';
import { getAudit } from '../api.ts';
import { AuditTable } from '../parts/audit-table.tsx';
import { Pager } from '../parts/pager.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { go, here } from '../router.ts';
import { useLoad } from '../use-load.ts';

/** The fields of the filter, with what to type. */
const fields = [
  { name: 'actor', hint: 'admin' },
  { name: 'action', hint: 'retry' },
  { name: 'target', hint: 'bulk/video' },
  { name: 'outcome', hint: 'done, refused' },
] as const;

export function Audit() {
  const { search } = here.value;
  const given = new URLSearchParams(search);
  const { data, error, reload } = useLoad(
    `audit${search}`,
    (signal) => getAudit(search, signal),
    given.has('cursor') ? 0 : 5_000,
  );
  return (
    <section class="card">
      <header class="pad">
        <h1>Audit</h1>
        <Filter given={given} />
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data && <Lines rows={data.items} filtered={search !== ''} />}
      <Pager nextCursor={data?.nextCursor} />
    </section>
  );
}

function Lines({ rows, filtered }: { rows: readonly AuditRow[]; filtered: boolean }) {
  if (rows.length > 0) return <AuditTable rows={rows} />;
  if (filtered)
    return (
      <Empty title="Nothing fits this filter">
        <a href="audit">Show everything</a>. A target is a job's id, a queue as lane/queue, or such as
        type:process-image.
      </Empty>
    );
  return (
    <Empty title="Nobody has changed anything yet">Every change by an operator or an API key is written here.</Empty>
  );
}

function Filter({ given }: { given: URLSearchParams }) {
  const submit = (form: HTMLFormElement) => {
    const filled = [...new FormData(form)].map(([name, value]) => [name, String(value).trim()]);
    const next = new URLSearchParams(filled.filter(([, value]) => value !== ''));
    go(next.size > 0 ? `audit?${next}` : 'audit');
  };
  return (
    <form
      key={given.toString()}
      class="selects"
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      {fields.map(({ name, hint }) => (
        <input
          key={name}
          name={name}
          class="word"
          aria-label={name}
          placeholder={name}
          title={`Such as ${hint}`}
          defaultValue={given.get(name) ?? ''}
        />
      ))}
      <button type="submit">Filter</button>
      {given.size > 0 && <a href="audit">Clear</a>}
    </form>
  );
}
