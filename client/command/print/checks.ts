import pc from 'picocolors';
import type { Check } from '../../../contracts/health.ts';

const MARKS = { ok: pc.green('✔'), failed: pc.red('✖'), unknown: pc.dim('?') } as const;

/** Findings, one a line, each ill one with how to mend it. */
export function checksText(checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ subject }) => subject.length));
  const lines = checks.flatMap(({ subject, state, detail, fix }) => [
    `${MARKS[state]} ${pc.bold(subject.padEnd(width))}  ${state === 'ok' ? pc.dim(detail) : detail}`,
    ...(fix === null ? [] : [`  ${' '.repeat(width)}  ${pc.cyan(`mend: ${fix}`)}`]),
  ]);
  return lines.join('\n');
}
