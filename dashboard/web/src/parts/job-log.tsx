/** What the job's handler wrote. */
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { isFinal } from '../../../../src/contract/state.ts';
import { getLogs } from '../api.ts';
import { clock } from '../format.ts';
import { useLoad } from '../use-load.ts';
import { Problem } from './problem.tsx';
import { Empty } from './small.tsx';

export function JobLog({ job }: { job: JobDetail }) {
  const { data, error, reload } = useLoad(
    `${job.id} ${job.state}`,
    (signal) => getLogs(job.id, signal),
    isFinal(job.state) ? 0 : 2_000,
  );
  return (
    <section class="card">
      <header class="pad">
        <h2>Log {job.traceId && <small>trace {job.traceId}</small>}</h2>
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {data?.items.length === 0 && <Empty title="No line">A handler writes here with ctx.log(message, fields).</Empty>}
      {data && data.items.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
        <section class="code" tabIndex={0} aria-label="Log">
          <pre>
            {data.items.map(({ at, attempt, message, fields }, index) => (
              <div key={`${at} ${index}`}>
                <span class="faint">
                  {clock(at)} #{attempt}
                </span>{' '}
                {message} {fields && <span class="soft">{JSON.stringify(fields)}</span>}
              </div>
            ))}
          </pre>
        </section>
      )}
      {data?.nextCursor && <p class="pad soft">These are the first {data.items.length} lines.</p>}
    </section>
  );
}
