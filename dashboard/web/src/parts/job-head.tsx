/** The head of a job's page: what it is, how it stands, and what can be done about it. */
import { useEffect, useState } from 'preact/hooks';
import type { JobDetail } from '../../../../src/contract/job-view.ts';
import { isFinal } from '../../../../src/contract/state.ts';
import { actOnJob, may } from '../api.ts';
import { pageShortcuts } from '../keys.ts';
import { confirmed } from './dialogs.tsx';
import { PayloadEditor } from './payload-editor.tsx';
import { State } from './small.tsx';
import { attempt } from './toast.tsx';

interface HeadProps {
  job: JobDetail;
  progress: JobDetail['progress'];
  onChange(): void;
}

export function JobHead({ job, progress, onChange }: HeadProps) {
  const why =
    job.reason ?? (job.state === 'scheduled' && job.error ? 'after an error, waits for the next attempt' : null);
  return (
    <div class="job-head">
      <h1>{job.type}</h1>
      <State state={job.state} />
      {why && <span class="soft">{why}</span>}
      <a class="tag" href={`jobs?lane=${job.lane}&queue=${encodeURIComponent(job.queue)}`}>
        {job.lane} · {job.queue}
      </a>
      <span class="tag mono">{job.id}</span>
      {progress && !isFinal(job.state) && <Progress {...progress} />}
      {may('jobs:operate') && <Actions job={job} onChange={onChange} />}
    </div>
  );
}

function Progress({ percent, note }: { percent: number; note: string | null }) {
  return (
    <span class="progress">
      <progress max={100} value={percent} aria-label="Progress" /> {Math.round(percent)} %{' '}
      {note && <span class="soft">{note}</span>}
    </span>
  );
}

interface Action {
  name: string;
  key: string;
  tone: 'main' | 'danger' | '';
  run(): void;
}

function Actions({ job, onChange }: { job: JobDetail; onChange: () => void }) {
  const [editing, setEditing] = useState(false);
  const actions = actionsOf(job, () => setEditing(true), onChange);
  useEffect(() => {
    pageShortcuts.value = actions.map(({ key, name, run }) => ({ keys: key, what: name, run }));
    return () => {
      pageShortcuts.value = [];
    };
  });
  return (
    <span class="actions">
      {actions.map(({ name, key, tone, run }) => (
        <button key={name} type="button" class={tone} onClick={run} aria-keyshortcuts={key} data-key={key}>
          {name}
        </button>
      ))}
      {editing && (
        <PayloadEditor
          job={job}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false);
            onChange();
          }}
        />
      )}
    </span>
  );
}

/** What the state of the job allows. */
function actionsOf(job: JobDetail, edit: () => void, onChange: () => void): Action[] {
  const act = (action: Parameters<typeof actOnJob>[1], done: string, body?: { forGood: boolean }) => () =>
    void attempt(() => actOnJob(job.id, action, body), done).then(onChange);
  const ask = (title: string, text: string, yes: string, run: () => void) => () =>
    void confirmed({ title, text, yes, danger: true }).then((sure) => sure && run());
  const retry = act('retry', 'It is on its way again');
  const cancel = ask(
    'Cancel this job?',
    job.state === 'running'
      ? 'Its handler is told to stop. What it has done so far is not undone.'
      : 'It will never run.',
    'Cancel the job',
    act('cancel', 'Cancelled'),
  );
  const discard = ask(
    'Discard this job?',
    'It leaves the dead letters. For a while it can be brought back from here, and jobs that wait for it wait on. Its history stays.',
    'Discard',
    act('discard', 'Discarded'),
  );
  const forGood: Action = {
    name: 'Discard for good',
    key: 'x',
    tone: 'danger',
    run: ask(
      'Discard this job for good?',
      "It can't be brought back, and jobs that wait for it hear of that at once. Its history stays.",
      'Discard for good',
      act('discard', 'Discarded for good', { forGood: true }),
    ),
  };
  if (job.state === 'dead') {
    return [
      { name: 'Retry', key: 'r', tone: 'main', run: retry },
      { name: 'Edit and retry', key: 'e', tone: '', run: edit },
      { name: 'Discard', key: 'd', tone: 'danger', run: discard },
      forGood,
    ];
  }
  if (job.restorableUntil !== null)
    return [
      { name: 'Bring back', key: 'b', tone: 'main', run: act('restore', 'It is among the dead letters again') },
      forGood,
    ];
  if (isFinal(job.state)) return [];
  const now: Action[] = job.state === 'scheduled' ? [{ name: 'Run now', key: 'r', tone: 'main', run: retry }] : [];
  return [...now, { name: 'Cancel', key: 'c', tone: 'danger', run: cancel }];
}
