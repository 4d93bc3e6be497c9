/** Pauses a queue or lets it run again, after a question. */
import type { QueueStatus } from '../../../../src/contract/queue-status.ts';
import { actOnQueue } from '../api.ts';
import { confirmed } from './dialogs.tsx';
import { attempt } from './toast.tsx';

const shapes = { pause: 'M2.5 1.5h2.5v9H2.5zM7 1.5h2.5v9H7z', resume: 'M3 1.5v9l7.5-4.5z' } as const;

export function PauseButton({ queue }: { queue: QueueStatus }) {
  const action = queue.paused ? 'resume' : 'pause';
  const title = queue.paused ? 'Resume' : 'Pause';
  const label = `${title} ${queue.queue}`;
  return (
    <button type="button" class="small" aria-label={label} title={title} onClick={() => void change(queue)}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={shapes[action]} />
      </svg>
    </button>
  );
}

async function change({ lane, queue, paused }: QueueStatus): Promise<void> {
  const question = paused
    ? {
        title: `Resume ${queue}?`,
        yes: 'Resume',
        text: 'What has waited starts at once, as fast as the workers allow.',
      }
    : {
        title: `Pause ${queue}?`,
        yes: 'Pause',
        text: `What runs goes on; nothing new starts on ${queue} until it is resumed. Jobs are still accepted.`,
      };
  if (!(await confirmed({ ...question, danger: !paused }))) return;
  const act = () => actOnQueue(lane, queue, paused ? 'resume' : 'pause');
  await attempt(act, `${queue} is ${paused ? 'running again' : 'paused'}`);
}
