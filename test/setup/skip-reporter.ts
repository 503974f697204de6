import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Lists every skipped test with its reason at the end of a run. Fails the run if one gives no reason. */
export default class SkipReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.flatMap((module) => [...module.children.allTests('skipped')]).filter(wasAskedFor);
    for (const test of skipped)
      console.log(`skipped: ${test.module.relativeModuleId} > ${test.fullName}: ${reasonOf(test)}`);
    if (skipped.every((test) => reasonOf(test) !== NO_REASON)) return;
    console.error('A skipped test must say why: call skip(condition, reason) inside the test.');
    process.exitCode = 1;
  }
}

const NO_REASON = 'no reason given';

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? NO_REASON;
}

/** False for a test that the user's filter by name (-t) leaves out: vitest reports it as skipped too, and it needs no reason. */
const wasAskedFor = ({ options, project, fullName }: TestCase): boolean => {
  const pattern = project.globalConfig.testNamePattern;
  return options.mode !== 'todo' && (pattern === undefined || pattern.test(fullName.replaceAll(' > ', ' ')));
};
