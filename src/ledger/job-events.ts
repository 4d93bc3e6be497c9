/** Watching jobs from any process: one poll, four times a second, for just those jobs that somebody watches here. */
import type { JobEvent, JobEvents, JobState, Logger, Queryable } from '../contract/index.ts';

const pollMs = 250;

interface Watched {
  listeners: Set<(event: JobEvent) => void>;
  /** The last event as text, to tell a change. */
  last: string;
}

interface Row {
  id: string;
  state: JobState;
  percent: number | null;
  note: string | null;
}

const read = `
  select j.id, coalesce(l.state, d.state, case when x.id is not null then 'dead' end, 'cancelled') as state, p.percent, p.note
  from twolane.jobs j left join twolane.live l on l.id = j.id left join twolane.done d on d.id = j.id
  left join twolane.dead x on x.id = j.id left join twolane.progress p on p.job_id = j.id
  where j.id = any($1)`;

export function createJobEvents(database: Queryable, logger: Logger): JobEvents & { close(): void } {
  const watched = new Map<string, Watched>();
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const poll = async () => {
    try {
      const { rows } = await database.query<Row>(read, [`{${[...watched.keys()].join(',')}}`]);
      for (const row of rows) tell(row);
    } catch (error) {
      logger.warn({ error }, 'Watched jobs could not be read; trying again');
    }
    timer = undefined;
    pollSoon(pollMs);
  };
  const tell = ({ id, state, percent, note }: Row) => {
    const entry = watched.get(id);
    const event: JobEvent = { id, state, progress: percent === null ? null : { percent, note } };
    const text = JSON.stringify(event);
    if (!entry || entry.last === text) return;
    entry.last = text;
    for (const listener of entry.listeners) listener(event);
  };
  const pollSoon = (ms: number) => {
    if (!closed && watched.size > 0) timer ??= setTimeout(() => void poll(), ms);
  };

  return {
    subscribe(id, listener) {
      const entry = watched.get(id) ?? { listeners: new Set(), last: '' };
      // A newcomer is told what is known even when nothing changes.
      entry.last = '';
      entry.listeners.add(listener);
      watched.set(id, entry);
      pollSoon(0);
      return () => {
        entry.listeners.delete(listener);
        if (entry.listeners.size === 0 && watched.get(id) === entry) watched.delete(id);
      };
    },
    close() {
      closed = true;
      clearTimeout(timer);
      watched.clear();
    },
  };
}
