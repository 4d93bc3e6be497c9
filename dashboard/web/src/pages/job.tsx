/** One job: its state, what can be done about it, its attempts, errors, payload, result and log; live while it runs. */
import { useEffect, useState } from 'preact/hooks';
import type { JobEvent } from '../../../../src/contract/enqueuer.ts';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { isFinal } from '../../../../src/contract/state.ts';
import { CallError, getJob } from '../api.ts';
import { follow, refreshing } from '../live.ts';
import { AttemptErrors, Attempts } from '../parts/attempts.tsx';
import { ChangesCard } from '../parts/changes-card.tsx';
import { FlowCard } from '../parts/flow-card.tsx';
import { JobFacts } from '../parts/job-facts.tsx';
import { JobHead } from '../parts/job-head.tsx';
import { JobLog } from '../parts/job-log.tsx';
import { JsonCard, PayloadCard } from '../parts/payload-card.tsx';
import { PictureCard } from '../parts/picture-card.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { useLoad } from '../use-load.ts';

export function Job({ id }: { id: string }) {
  const { data: job, error, reload } = useLoad(id, (signal) => getJob(id, signal));
  const progress = useLiveJob(job, reload);
  if (error instanceof CallError && error.status === 404) return <NoSuchJob id={id} />;
  if (error !== undefined && !job) return <Problem error={error} onRetry={reload} />;
  if (!job) return <p class="soft">Loading job {id}</p>;
  return (
    <>
      <section class="card">
        <JobHead job={job} progress={progress ?? job.progress} onChange={reload} />
        <Attempts job={job} />
      </section>
      <FlowCard job={job} />
      <div class="lanes">
        <div class="column">
          <AttemptErrors job={job} />
          <JobLog job={job} />
          <ChangesCard job={job} />
        </div>
        <div class="column">
          <PictureCard key={job.id} job={job} />
          <PayloadCard job={job} />
          {job.result !== null && <JsonCard title="Result" value={job.result} />}
          <JobFacts job={job} />
        </div>
      </div>
    </>
  );
}

/** Follows the job while it is alive: progress at once, everything else read again when its state changes. */
function useLiveJob(job: JobDetail | undefined, reload: () => void): JobEvent['progress'] {
  const [progress, setProgress] = useState<JobEvent['progress']>(null);
  const id = job?.id;
  const state = job?.state;
  const live = refreshing.value && state !== undefined && !isFinal(state);
  useEffect(() => {
    setProgress(null);
    if (!live || id === undefined) return;
    return follow<JobEvent>(`jobs/${id}/events`, 'job', (event) => {
      setProgress(event.progress);
      if (event.state !== state) reload();
    });
  }, [id, state, live, reload]);
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(reload, 2_000);
    return () => clearInterval(timer);
  }, [live, reload]);
  return progress;
}

function NoSuchJob({ id }: { id: string }) {
  return (
    <section class="card">
      <Empty title={`There is no job ${id}`}>
        It may be older than what is kept, or the id is cut off. <a href="jobs">Search all jobs</a>.
      </Empty>
    </section>
  );
}
