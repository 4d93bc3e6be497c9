/** A change to many jobs before it is made: what, to which, how many those are, and the question whether that is meant. */
import { useState } from 'preact/hooks';
import type {
  OperationAction,
  OperationFilter,
  OperationPreview,
  OperationRequest,
} from '../../../../src/contract/operation.ts';
import { may, previewOperation, startOperation } from '../api.ts';
import { filterFromSearch, formatFilter, gathered, searchFromFilter } from '../filter-text.ts';
import { count, counted } from '../format.ts';
import { JobTable } from '../parts/job-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { StagesInput, stagesOf } from '../parts/stages-input.tsx';
import { StartForm } from '../parts/start-form.tsx';
import { attempt } from '../parts/toast.tsx';
import { go, here } from '../router.ts';
import { useLoad } from '../use-load.ts';

const actions: Readonly<Record<OperationAction, { title: string; text: string; danger: boolean }>> = {
  redrive: {
    title: 'Redrive',
    danger: false,
    text: 'Dead jobs run again, in stages. It stops by itself when more than 10 % of a stage are dead again.',
  },
  discard: {
    title: 'Discard',
    danger: true,
    text: 'Dead jobs are given up. For a while that can be undone from the list of operations.',
  },
  cancel: {
    title: 'Cancel',
    danger: true,
    text: 'Jobs that have not ended never run; running ones are told to stop. It can not be undone.',
  },
};

export function NewOperation() {
  const { search } = here.value;
  const asked = new URLSearchParams(search);
  const chosen = asked.get('ids')?.split(',');
  const { schedule, ...fields } = filterFromSearch(search);
  const filter: OperationFilter = { ...gathered(fields), ...(chosen && { ids: chosen }) };
  const [action, setAction] = useState<OperationAction>(askedAction(asked) ?? likely(fields.state));
  const [stages, setStages] = useState('');
  const [forGood, setForGood] = useState(asked.get('forGood') === 'true');
  const request = requestOf(action, filter, stages, forGood);
  const key = JSON.stringify(request);
  const { data, error, reload } = useLoad(key, (signal) => previewOperation(request, signal));
  if (Object.keys(filter).length === 0) return <NothingChosen schedule={schedule} />;
  const { title, text, danger } = actions[action];
  const start = () =>
    void attempt(() => startOperation(request), 'It has begun; this list shows how far it is').then(
      (begun) => begun && go('operations'),
    );
  return (
    <section class="card" aria-label="New operation">
      <header class="pad">
        <h1>Change many jobs</h1>
        <a href={`jobs${searchFromFilter(fields)}`}>
          {chosen ? `${counted(chosen.length, 'job')} chosen` : formatFilter(fields)}
        </a>
      </header>
      <fieldset class="pad choices">
        <legend class="hidden">What to do</legend>
        {(Object.keys(actions) as OperationAction[]).map((one) => (
          <label key={one} class="choice">
            <input type="radio" name="action" checked={one === action} onChange={() => setAction(one)} />
            <b>{actions[one].title}</b>
          </label>
        ))}
        <p class="soft">{text}</p>
        {action === 'redrive' && <StagesInput text={stages} onText={setStages} />}
        {action === 'discard' && <ForGood on={forGood} onChange={setForGood} />}
      </fieldset>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Counting</p>}
      {data && <DryRun preview={data} />}
      {data && data.matched > 0 && may('jobs:operate') && (
        <StartForm
          key={key}
          title={title}
          after={request.forGood ? ' for good' : ''}
          danger={danger}
          matched={data.matched}
          onStart={start}
        />
      )}
    </section>
  );
}

/** What somebody wants most likely who looks at jobs in this state. */
function likely(state: string | undefined): OperationAction {
  return state === undefined || state === 'dead' ? 'redrive' : 'cancel';
}

/** The action that the link here has named. */
function askedAction(asked: URLSearchParams): OperationAction | undefined {
  return (Object.keys(actions) as OperationAction[]).find((action) => action === asked.get('action'));
}

function requestOf(
  action: OperationAction,
  filter: OperationFilter,
  stages: string,
  forGood: boolean,
): OperationRequest {
  const wanted = action === 'redrive' ? stagesOf(stages) : undefined;
  return { action, filter, ...(wanted && { stages: wanted }), ...(action === 'discard' && forGood && { forGood }) };
}

function ForGood({ on, onChange }: { on: boolean; onChange(on: boolean): void }) {
  return (
    <label class="choice plain">
      <input type="checkbox" checked={on} onChange={(event) => onChange(event.currentTarget.checked)} />
      For good: it can't be undone, and jobs that wait for them hear of it at once
    </label>
  );
}

function DryRun({ preview: { matched, capped, samples } }: { preview: OperationPreview }) {
  if (matched === 0)
    return (
      <Empty title="No job would be changed">
        Redrive and discard change dead jobs, cancel those that have not ended. Take another filter, or another action.
      </Empty>
    );
  return (
    <>
      <p class="pad">
        <b>{capped ? `At least ${count(matched)} jobs` : counted(matched, 'job')}</b> {matched === 1 ? 'fits' : 'fit'}{' '}
        now; what is enqueued later is left alone.{' '}
        {samples.length < matched && <span class="soft">The first {samples.length}:</span>}
      </p>
      <JobTable jobs={samples} />
    </>
  );
}

function NothingChosen({ schedule }: { schedule: string | undefined }) {
  return (
    <section class="card">
      <Empty title={schedule ? 'The jobs of a schedule can not be changed together' : 'Nothing is chosen'}>
        {schedule && 'Filter by its type and by time instead. '}
        Filter the <a href="jobs">jobs</a> or tick some of them first.
      </Empty>
    </section>
  );
}
