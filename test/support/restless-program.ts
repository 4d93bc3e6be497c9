/** Stands in for the all-in-one process: writes down each start, and ends as the list of exit codes says, the last one by staying. */
import { appendFileSync, readFileSync } from 'node:fs';

const file = process.env.STARTS_FILE ?? '';
appendFileSync(file, `${process.env.TWOLANE_WELCOME_TOKEN}\n`);
const codes = (process.env.EXIT_CODES ?? '').split(',').filter(Boolean);
const code = codes[readFileSync(file, 'utf8').trim().split('\n').length - 1];
if (code === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
else if (code !== undefined) process.exit(Number(code));
setInterval(() => {}, 1_000);
