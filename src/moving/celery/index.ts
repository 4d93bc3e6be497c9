/** `twolane/celery`: takes the tasks of Celery producers over, in the app's own process. */
export { CeleryConsumer, type CeleryOptions } from './consumer.ts';
export type { CeleryTasks, TaskEntry } from './tasks.ts';
