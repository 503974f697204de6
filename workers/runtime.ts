import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import type { Logger } from '../platform/logger.ts';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Fields of the SDK's lines that say nothing to a reader. */
const NOISE = new Set(['taskToken', 'isLocal', 'sdkComponent']);

/** Waiting is an activity that fails with NotReady until it need not: no warning. Queues of one kind of work are meant so. */
function levelOf({ level, message, meta }: LogEntry): (typeof LEVELS)[LogEntry['level']] {
  const error = meta?.['error'] as { type?: string } | undefined;
  if (message === 'Activity failed' && error?.type === 'NotReady') return 'debug';
  if (/^No (activities|workflows|Nexus services) registered/.test(message)) return 'debug';
  return LEVELS[level];
}

/** Where the runtime's lines go: the log of whoever asked last. */
let target: Logger | undefined;

/**
 * Sets the SDK's runtime up, before anything else of the SDK: its lines go to our log, and the signals of the process
 * are left to its entry, which drains in order. Asked again, only the log changes: the SDK keeps what it was told, also
 * when it makes a new runtime after the last one ended.
 */
export function installRuntime(log: Logger): void {
  const isFirst = target === undefined;
  target = log;
  if (!isFirst) return;
  const logger = new DefaultLogger('INFO', (entry) => {
    const fields = Object.fromEntries(
      Object.entries(entry.meta ?? {}).map(([name, value]) => [
        name,
        value instanceof Error
          ? { type: (value as { type?: string }).type ?? value.name, message: value.message }
          : value,
      ]),
    );
    for (const name of NOISE) Reflect.deleteProperty(fields, name);
    target?.[levelOf(entry)](fields, entry.message);
  });
  Runtime.install({
    shutdownSignals: [],
    logger,
    telemetryOptions: { logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }) } },
  });
}
