import pc from 'picocolors';
import type { Check } from '../../../contracts/health.ts';

const MARKS = { ok: pc.green('✔'), failed: pc.red('✖'), unknown: pc.dim('?') } as const;

/** Checks, one a line; below each failed one its fix. */
export function checksText(checks: readonly Check[]): string {
  const width = Math.max(0, ...checks.map(({ subject }) => subject.length));
  const lines = checks.flatMap(({ subject, state, detail, fix }) => [
    `${MARKS[state]} ${pc.bold(subject.padEnd(width))}  ${state === 'ok' ? pc.dim(detail) : detail}`,
    ...(fix === null ? [] : [`  ${' '.repeat(width)}  ${pc.cyan(`fix: ${fix}`)}`]),
  ]);
  return lines.join('\n');
}
