import pc from 'picocolors';
import type { Check } from '../../../contracts/health.ts';

const MARKS = { well: pc.green('✔'), ill: pc.red('✖'), unknown: pc.dim('?') } as const;

/** Findings, one a line, each ill one with how to mend it. */
export function checksText(checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ subject }) => subject.length));
  const lines = checks.flatMap(({ subject, state, detail, mend }) => [
    `${MARKS[state]} ${pc.bold(subject.padEnd(width))}  ${state === 'well' ? pc.dim(detail) : detail}`,
    ...(mend === null ? [] : [`  ${' '.repeat(width)}  ${pc.cyan(`mend: ${mend}`)}`]),
  ]);
  return lines.join('\n');
}
