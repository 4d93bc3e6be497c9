/** Names the tests that passed only when they were tried again, last in the output of a run: each is a defect to be mended. */
import type { Reporter, TestModule } from 'vitest/node';

export default class RetriedReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const retried = tests.filter((test) => (test.diagnostic()?.retryCount ?? 0) > 0);
    if (retried.length === 0) return;
    const lines = retried.map((test) => {
      const { errors = [] } = test.result();
      const why = errors[0]?.message.split('\n')[0] ?? 'no error was kept';
      return `  ${test.module.relativeModuleId} > ${test.fullName}\n      ${why}`;
    });
    const heading = ` ${retried.length} RETRIED `;
    process.stderr.write(`\n${heading.padStart(46, '!').padEnd(92, '!')}\n${lines.join('\n')}\n`);
    process.stderr.write(
      'They did not pass at the first try. That is a defect of the test or of what it tests: find it.\n\n',
    );
  }
}
