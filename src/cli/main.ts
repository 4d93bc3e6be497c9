#!/usr/bin/env node
/** The command line `twolane`. Run in this repository by `npm run -s twolane -- COMMAND`. */
import { runCommandLine } from './program.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await runCommandLine(process.argv.slice(2), processTerminal());
