/** Celery tasks and the job types they become: the declared mapping, and what of a message becomes which option. */
import type { Catalog, EnqueueItem, EnqueueOptions, Json, JsonObject, Priority } from '../../contract/index.ts';
import { rememberMs } from '../hand-over.ts';
import { type Mapped, type Mapping, resolveMapping } from '../mapping.ts';
import { type CeleryTask, RefusedError } from './message.ts';

export interface TaskEntry {
  /** The job type. */
  type: string;
  /** The job's payload. Default: `{ args, kwargs }`. */
  payload?(args: Json[], kwargs: JsonObject): unknown;
}

/** By the names that tasks are registered under in Python. A plain string is a job type. */
export type CeleryTasks = Mapping<TaskEntry>;
export type MappedTasks = ReadonlyMap<string, Mapped<TaskEntry>>;

/** @throws TwolaneError `invalid_mapping` */
export function resolveTasks(catalog: Catalog, tasks: CeleryTasks): MappedTasks {
  return resolveMapping(catalog, tasks, 'Celery task');
}

/** @throws RefusedError `unknown_task`, and `not_accepted` when the mapping's function throws */
export function toJob(tasks: MappedTasks, task: CeleryTask): EnqueueItem {
  const entry = tasks.get(task.name);
  if (!entry) {
    const text = `No job type is declared for the task ${task.name}. Add it to the mapping, or leave it to Celery's workers`;
    throw new RefusedError('unknown_task', text);
  }
  try {
    const payload = entry.payload ? entry.payload(task.args, task.kwargs) : { args: task.args, kwargs: task.kwargs };
    return { job: entry.job, payload: payload as never, options: optionsOf(task) };
  } catch (error) {
    throw new RefusedError('not_accepted', `The mapping of ${task.name} makes no payload of it: ${String(error)}`);
  }
}

/** A task that a worker of Celery sends again, to try it once more, has its id and one more in `retries`. */
function optionsOf(task: CeleryTask): EnqueueOptions {
  const { id, name, rootId, parentId, retries } = task;
  return {
    runAt: task.eta,
    expiresAt: task.expires,
    timeoutMs: task.timeoutMs,
    // Producers write 0 where nobody asked for a priority.
    priority: task.priority ? priorityOf(task.priority) : undefined,
    idempotencyKey: `celery:${id}:${retries}`,
    idempotencyMs: rememberMs,
    metadata: { celery: { id, task: name, rootId, parentId, retries } },
  };
}

/** RabbitMQ's priorities as Celery recommends them, to 10. */
export function priorityOf(priority: number): Priority {
  if (priority >= 9) return 'urgent';
  if (priority >= 6) return 'high';
  return priority >= 3 ? 'normal' : 'low';
}
