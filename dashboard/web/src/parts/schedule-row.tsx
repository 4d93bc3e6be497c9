/** One schedule in the list, with what an operator may do to it. */
import type { Schedule } from '../../../../src/contract/schedule.ts';
import { actOnSchedule, may } from '../api.ts';
import { timestamp } from '../format.ts';
import { confirmed } from './dialogs.tsx';
import { State, Time } from './small.tsx';
import { attempt } from './toast.tsx';

interface RowProps {
  schedule: Schedule;
  onEdit(): void;
  onChange(): void;
}

export function ScheduleRow({ schedule, onEdit, onChange }: RowProps) {
  const { name, type, cron, everyMs, words, description, problem } = schedule;
  return (
    <tr class={problem === null ? '' : 'alarm'}>
      <th scope="row" title={description}>
        <a href={`jobs?${new URLSearchParams({ schedule: name })}`}>{name}</a>
        <small>
          {type}
          {schedule.edited && schedule.declared && ' · differs from the code'}
        </small>
        {problem !== null && <small class="bad">{problem}</small>}
      </th>
      <td>
        {words ?? cron}
        <small class="mono">{cron ?? `every ${everyMs} ms`}</small>
      </td>
      <td>
        <Next schedule={schedule} />
      </td>
      <td>
        <Last schedule={schedule} />
      </td>
      <td class="num">{may('schedules:write') && <Actions {...{ schedule, onEdit, onChange }} />}</td>
    </tr>
  );
}

/** The next run in words, all five on hover. */
function Next({ schedule: { state, nextRuns } }: { schedule: Schedule }) {
  const [next, ...later] = nextRuns;
  if (next === undefined) return <span class="soft">{state}</span>;
  return (
    <span title={nextRuns.map(timestamp).join('\n')}>
      <Time at={next} />
      {later[0] && (
        <small>
          then <Time at={later[0]} />
        </small>
      )}
    </span>
  );
}

function Last({ schedule: { lastRun, lastSkipped } }: { schedule: Schedule }) {
  return (
    <>
      {lastRun === null ? (
        <span class="soft">never</span>
      ) : (
        <a href={`jobs/${lastRun.jobId}`}>
          {lastRun.state === null ? 'past its retention' : <State state={lastRun.state} />} <Time at={lastRun.at} />
        </a>
      )}
      {lastSkipped && (
        <small>
          {lastSkipped.reason === 'missed' ? 'missed' : 'left out, one was running'} <Time at={lastSkipped.through} />
        </small>
      )}
    </>
  );
}

function Actions({ schedule, onEdit, onChange }: RowProps) {
  const { name, enabled } = schedule;
  const toggle = enabled ? 'pause' : 'resume';
  const act = (action: 'run' | 'pause' | 'resume') => () => void change(name, action).then(onChange);
  return (
    <span class="actions">
      <button type="button" aria-label={`Run ${name} now`} onClick={act('run')}>
        Run now
      </button>
      <button type="button" aria-label={`Edit the times of ${name}`} onClick={onEdit}>
        Edit
      </button>
      <button type="button" aria-label={`${enabled ? 'Pause' : 'Resume'} ${name}`} onClick={act(toggle)}>
        {enabled ? 'Pause' : 'Resume'}
      </button>
    </span>
  );
}

const questions = {
  run: { yes: 'Run now', danger: false, text: 'Its job is enqueued at once, beside its usual times.' },
  pause: {
    yes: 'Pause',
    danger: true,
    text: 'No further slot runs until it is resumed; what passes meanwhile is gone.',
  },
  resume: { yes: 'Resume', danger: false, text: 'It goes on with its next slot.' },
} as const;

async function change(name: string, action: keyof typeof questions): Promise<void> {
  const { yes, ...question } = questions[action];
  if (!(await confirmed({ ...question, yes, title: `${yes.replace(' now', '')} ${name}?` }))) return;
  const done = { run: 'its job is on its way', pause: 'paused', resume: 'runs again' }[action];
  await attempt(() => actOnSchedule(name, action), `${name}: ${done}`);
}
