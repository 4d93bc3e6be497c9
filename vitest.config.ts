/** How the tests run: six projects, all but the first against real servers that are started once and removed afterwards. */
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** In this order, one after another: a broken rule shows before the slow tests begin. */
const projects = ['unit', 'conformance', 'flow', 'examples', 'faults', 'browser'] as const;

/** What is made once before a project begins. */
const setups: Partial<Record<(typeof projects)[number], string[]>> = {
  unit: [],
  examples: ['test/support/global-setup.ts', 'test/support/package.ts'],
};

function project(name: (typeof projects)[number], groupOrder: number): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`, ...(name === 'unit' ? ['test/*.test.ts'] : [])],
      globalSetup: setups[name] ?? ['test/support/global-setup.ts'],
      sequence: { groupOrder },
      // Servers share two cores with everything else: one more try, which the report names, before a run is called red.
      retry: name === 'unit' ? 0 : 1,
      // Fault tests measure how fast something is noticed: nothing else may run beside them.
      fileParallelism: name !== 'faults',
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    passWithNoTests: true,
    tags: [{ name: 'long', description: 'Left out of `npm test`: fault tests that wait or load for long.' }],
    reporters: ['default', './test/support/conformance-report.ts'],
    projects: projects.map(project),
  },
});
