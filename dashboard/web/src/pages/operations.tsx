/** All changes to many jobs, the newest first, while they go on and afterwards. */
import { getOperations } from '../api.ts';
import { OperationsTable } from '../parts/operations-card.tsx';
import { Pager } from '../parts/pager.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { here } from '../router.ts';
import { useLoad } from '../use-load.ts';

export function Operations() {
  const { search } = here.value;
  const { data, error, reload } = useLoad(
    `operations${search}`,
    (signal) => getOperations(search, signal),
    search ? 0 : 1_000,
  );
  return (
    <section class="card" aria-label="Operations">
      <header class="pad">
        <h1>Operations</h1>
        <span class="soft">Changes to many jobs. Each runs as a job of its own, page by page; it can be aborted.</span>
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data?.items.length === 0 && (
        <Empty title="No operation yet">
          Filter the <a href="jobs">jobs</a>, or tick some of them, then choose what to do with all of them.
        </Empty>
      )}
      {data && data.items.length > 0 && <OperationsTable operations={data.items} onChange={reload} />}
      <Pager nextCursor={data?.nextCursor} />
    </section>
  );
}
