/** Both lanes side by side, one sentence on how they do, and what wants attention. */

import type { Overview as Moment } from '../../../overview.ts';
import { count, duration, rate } from '../format.ts';
import { overview } from '../live.ts';
import { DeadCard } from '../parts/dead-card.tsx';
import { FleetCard } from '../parts/fleet-card.tsx';
import { LaneCard } from '../parts/lane-card.tsx';
import { ServersCard } from '../parts/servers-card.tsx';
import { UnderWayCard } from '../parts/under-way-card.tsx';
import { verdictOf } from '../verdict.ts';

export function Overview() {
  const moment = overview.value;
  if (!moment) return <p class="soft">Waiting for the first reading.</p>;
  return (
    <>
      <VerdictCard moment={moment} />
      <div class="lanes">
        <LaneCard lane="realtime" moment={moment} />
        <LaneCard lane="bulk" moment={moment} />
      </div>
      <div class="row">
        <div class="column">
          <DeadCard groups={moment.dead} />
          <FleetCard workers={moment.workers} />
        </div>
        <UnderWayCard underWay={moment.underWay} />
        <ServersCard moment={moment} />
      </div>
    </>
  );
}

const announcements = { good: 'All is well', warn: 'Something wants a decision', bad: 'Something needs you' } as const;

function VerdictCard({ moment }: { moment: Moment }) {
  const { tone, text, href } = verdictOf(moment);
  const total = (of: (queue: Moment['queues'][number]) => number) =>
    moment.queues.reduce((sum, queue) => sum + of(queue), 0);
  const finished = total((queue) => queue.finishedPerS);
  const failed = total((queue) => queue.failedPerS);
  const canary = canaryOf(moment);
  const unaccounted = moment.books?.unaccounted;
  return (
    <section class="card verdict">
      <h1>
        <span class={`dot ${tone}`} aria-hidden="true" />
        {href ? <a href={href}>{text}</a> : text}
      </h1>
      {/* The sentence changes each second; only a change for better or worse is worth interrupting somebody. */}
      <p class="hidden" role="status">
        {announcements[tone]}
      </p>
      <dl>
        <Fact name="in" value={`${rate(total((queue) => queue.enqueuedPerS))}/s`} />
        <Fact name="done" value={`${rate(finished)}/s`} />
        <Fact name="failed" value={failed === 0 ? '0' : `${rate(failed)}/s`} tone={failed > 0 ? 'bad' : ''} />
        <Fact
          name="unaccounted"
          value={unaccounted === undefined ? '–' : count(unaccounted)}
          tone={unaccounted === undefined ? '' : unaccounted === 0 ? 'good' : 'bad'}
          title="Accepted, minus settled, minus alive: counted independently of each other"
        />
        <Fact
          name="canary"
          value={canary === null ? '–' : `${duration(canary.silentMs)} ago`}
          tone={canary === null ? '' : canary.late ? 'bad' : 'good'}
          title="When the consumer that was given nothing for longest was last given anything, even a probe"
        />
      </dl>
    </section>
  );
}

/** The consumer that was silent for longest; null without any. */
function canaryOf({ workers }: Moment): { silentMs: number; late: boolean } | null {
  const consumers = workers.flatMap(({ queues }) => queues);
  if (consumers.length === 0) return null;
  return {
    silentMs: Math.max(...consumers.map(({ silentMs }) => silentMs)),
    late: consumers.some(({ late }) => late !== null),
  };
}

function Fact({ name, value, tone = '', title }: { name: string; value: string; tone?: string; title?: string }) {
  return (
    <div class="fact" title={title}>
      <dt>{name}</dt>
      <dd class={tone}>{value}</dd>
    </div>
  );
}
