/** How the tests run: seven projects, all but the first against real servers that are started once and removed afterwards. */
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/**
 * The number is the place in the order, so that a broken rule shows before the slow tests begin. Fault tests measure how fast
 * something is noticed: nothing else may run beside them. Those that only count what is left after a kill are in `kills`.
 */
const projects = { unit: 0, conformance: 1, flow: 1, examples: 1, browser: 1, kills: 1, faults: 2 } as const;
type ProjectName = keyof typeof projects;

/** What is made once before a project begins. */
const setups: Partial<Record<ProjectName, string[]>> = {
  unit: [],
  examples: ['test/support/global-setup.ts', 'test/support/package.ts'],
};

function project(name: ProjectName): TestProjectInlineConfiguration {
  return {
    extends: true,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`, ...(name === 'unit' ? ['test/*.test.ts'] : [])],
      globalSetup: setups[name] ?? ['test/support/global-setup.ts'],
      sequence: { groupOrder: projects[name] },
      // Servers share two cores with everything else: one more try before a run is called red. The report names them all.
      retry: name === 'unit' ? 0 : 1,
      fileParallelism: name !== 'faults',
    },
  };
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Most tests wait for servers most of the time, so that one more than the cores keeps both busy.
    maxWorkers: 3,
    // Modules are loaded once for many files; tests keep nothing in them.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    passWithNoTests: true,
    tags: [
      { name: 'long', description: 'Left out of `npm test`: fault tests that wait or load for long.' },
      { name: 'security', description: 'What `npm run test:security` runs: attacks, and what must not come of them.' },
    ],
    reporters: ['default', './test/support/conformance-report.ts', './test/support/retried-report.ts'],
    projects: (Object.keys(projects) as ProjectName[]).map(project),
  },
});
