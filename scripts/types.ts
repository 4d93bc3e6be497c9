/** Checks the types of everything that runs on Node and of what runs in browsers, side by side: the compiler uses one core. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

const projects = ['.', 'dashboard/web', 'src/social/demo/web'];
const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const codes = await Promise.all(
  projects.map(async (project) => {
    const check = spawn(process.execPath, [compiler, '-p', project], { stdio: 'inherit' });
    const [code] = await once(check, 'exit');
    return code;
  }),
);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
