/** The list of jobs; its filter is the query string, so every view is a link. */
import { jobStates } from '../../../../src/contract/state.ts';
import { laneNames } from '../../../../src/contract/words.ts';
import { getJobs, session } from '../api.ts';
import { filterFromSearch, searchFromFilter } from '../filter-text.ts';
import { JobTable } from '../parts/job-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { go, here } from '../router.ts';
import { useLoad } from '../use-load.ts';

export function Jobs() {
  const { search } = here.value;
  const cursor = new URLSearchParams(search).get('cursor');
  const fields = filterFromSearch(search);
  const query = withCursor(searchFromFilter(fields), cursor);
  const { data, error, reload } = useLoad(query, (signal) => getJobs(query, signal), cursor ? 0 : 3_000);
  return (
    <section class="card">
      <header class="pad">
        <h1>Jobs</h1>
        <Selects fields={fields} />
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data && data.items.length > 0 && <JobTable jobs={data.items} />}
      {data?.items.length === 0 && <NoJobs filtered={Object.keys(fields).length > 0} />}
      <footer class="pad pager">
        {cursor && <a href={`jobs${searchFromFilter(fields)}`}>Back to the newest</a>}
        {data?.nextCursor && <a href={`jobs${withCursor(searchFromFilter(fields), data.nextCursor)}`}>Next page</a>}
      </footer>
    </section>
  );
}

/** Select boxes for what has few values; the search box above takes everything. */
function Selects({ fields }: { fields: Record<string, string> }) {
  const types = session.value?.types ?? [];
  const ofLane = types.filter(({ lane }) => !fields.lane || fields.lane === lane);
  const queues = [...new Set(ofLane.map(({ queue }) => queue))].sort();
  const ofQueue = ofLane.filter(({ queue }) => !fields.queue || fields.queue === queue);
  const options: Record<string, readonly string[]> = {
    lane: laneNames,
    queue: queues,
    state: jobStates,
    type: ofQueue.map(({ type }) => type).sort(),
  };
  return (
    <div class="selects">
      {Object.entries(options).map(([name, values]) => (
        <Select key={name} name={name} values={values} fields={fields} />
      ))}
      {Object.keys(fields).length > 0 && <a href="jobs">Clear</a>}
    </div>
  );
}

function Select({ name, values, fields }: { name: string; values: readonly string[]; fields: Record<string, string> }) {
  const chosen = fields[name] ?? '';
  const listed = chosen === '' || values.includes(chosen) ? values : [chosen, ...values];
  return (
    <select
      aria-label={name}
      value={chosen}
      onChange={(event) => {
        const { [name]: _old, ...rest } = fields;
        const value = event.currentTarget.value;
        go(`jobs${searchFromFilter(value ? { ...rest, [name]: value } : rest)}`);
      }}
    >
      <option value="">any {name}</option>
      {listed.map((value) => (
        <option key={value} value={value}>
          {value}
        </option>
      ))}
    </select>
  );
}

function NoJobs({ filtered }: { filtered: boolean }) {
  if (!filtered) return <Empty title="No job yet">Drop a photo on the start page, or POST /v1/jobs.</Empty>;
  return (
    <Empty title="No job fits this filter">
      Take a word away, or <a href="jobs">show all jobs</a>.
    </Empty>
  );
}

function withCursor(search: string, cursor: string | null): string {
  if (!cursor) return search;
  return `${search || '?'}${search ? '&' : ''}cursor=${encodeURIComponent(cursor)}`;
}
