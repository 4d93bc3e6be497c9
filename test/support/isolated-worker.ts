/** A worker process with isolated job types, to be killed and drained. Configured by the environment; tells its parent when it is ready. */
import { loadConfig } from '../../src/config.ts';
import { workerPart } from '../../workers/parts.ts';
import { run } from '../../workers/run.ts';
import { createApp } from './isolated-app.ts';

const twolane = createApp(loadConfig());
await run(twolane, [workerPart(twolane)]);
process.send?.('ready');
