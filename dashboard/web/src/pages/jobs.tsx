/** The list of jobs; its filter is the query string, so every view is a link. */

import { useState } from 'preact/hooks';
import { jobStates } from '../../../../src/contract/state.ts';
import { laneNames } from '../../../../src/contract/words.ts';
import { getJobs, may, session } from '../api.ts';
import { filterFromSearch, searchFromFilter } from '../filter-text.ts';
import { counted, timeOfId, timestamp } from '../format.ts';
import { FacetsBar } from '../parts/facets.tsx';
import { JobTable } from '../parts/job-table.tsx';
import { Pager } from '../parts/pager.tsx';
import { Problem } from '../parts/problem.tsx';
import { chosenHref, useRowKeys } from '../parts/row-keys.ts';
import { Select } from '../parts/select.tsx';
import { Empty } from '../parts/small.tsx';
import { go, here } from '../router.ts';
import { useLoad } from '../use-load.ts';

/** What the data call answers without a `limit`, where so many are found in time. */
const pageSize = 50;

export function Jobs() {
  const { search } = here.value;
  const cursor = new URLSearchParams(search).get('cursor');
  const fields = filterFromSearch(search);
  const query = searchFromFilter(cursor ? { ...fields, cursor } : fields);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { data, error, reload } = useLoad(query, (signal) => getJobs(query, signal), cursor ? 0 : 3_000);
  const toggle = (id: string) =>
    setChosen((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  useRowKeys(may('jobs:operate') ? toggle : undefined);
  return (
    <section class="card">
      <header class="pad">
        <h1>Jobs</h1>
        {may('jobs:operate') && <Together fields={fields} chosen={chosen} onNone={() => setChosen(new Set())} />}
        <Selects fields={fields} />
      </header>
      <FacetsBar fields={fields} />
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data && data.items.length > 0 && (
        <JobTable jobs={data.items} chosen={chosen} onToggle={may('jobs:operate') ? toggle : undefined} />
      )}
      {data?.items.length === 0 && data.nextCursor === null && <NoJobs filtered={Object.keys(fields).length > 0} />}
      {data && data.nextCursor !== null && data.items.length < pageSize && <LookedBackTo id={data.nextCursor} />}
      <Pager nextCursor={data?.nextCursor} />
    </section>
  );
}

/** The way to change the ticked jobs, or all that fit the filter, together. */
function Together({
  fields,
  chosen,
  onNone,
}: {
  fields: Record<string, string>;
  chosen: ReadonlySet<string>;
  onNone(): void;
}) {
  if (chosen.size > 0)
    return (
      <span class="together">
        <a class="button" href={chosenHref(chosen, fields.state)}>
          Change {counted(chosen.size, 'chosen job')}
        </a>
        <button type="button" class="quiet" onClick={onNone}>
          None
        </button>
      </span>
    );
  if (Object.keys(fields).length === 0) return null;
  return (
    <span class="together">
      <a class="button" href={`operations/new${searchFromFilter(fields)}`}>
        Change all that fit
      </a>
    </span>
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
  const choose = (name: string) => (value: string) => {
    const { [name]: _old, ...rest } = fields;
    go(`jobs${searchFromFilter(value ? { ...rest, [name]: value } : rest)}`);
  };
  return (
    <div class="selects">
      {Object.entries(options).map(([name, values]) => (
        <Select key={name} name={name} values={values} chosen={fields[name] ?? ''} onChoose={choose(name)} />
      ))}
      {Object.keys(fields).length > 0 && <a href="jobs">Clear</a>}
    </div>
  );
}

/** A search looks through so many jobs at a time; the next page goes on from there. */
function LookedBackTo({ id }: { id: string }) {
  return (
    <p class="pad soft">
      Looked back to {timestamp(timeOfId(id))}. The next page looks further back; a filter by type, key, owner or tenant
      gets there sooner.
    </p>
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
