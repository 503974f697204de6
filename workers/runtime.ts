import { DefaultLogger, makeTelemetryFilterString, Runtime, type LogEntry } from '@temporalio/worker';
import type { Logger } from '../platform/logger.ts';

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Fields of the SDK's lines that do not help a reader. */
const NOISE = new Set(['taskToken', 'isLocal', 'sdkComponent']);

/** The level of a line. A step that waits fails with NotReady until it is done, and some queues have only activities: no warning. */
function levelOf({ level, message, meta }: LogEntry): (typeof LEVELS)[LogEntry['level']] {
  const error = meta?.['error'] as { type?: string } | undefined;
  if (message === 'Activity failed' && error?.type === 'NotReady') return 'debug';
  if (/^No (activities|workflows|Nexus services) registered/.test(message)) return 'debug';
  return LEVELS[level];
}

/** The log for the runtime's lines, by the latest call. */
let target: Logger | undefined;

/**
 * Sets up the SDK's runtime. Call it before anything else of the SDK. The runtime's lines go to this log, and the runtime handles no
 * signals: the entry of the process does. A second call only changes the log, because the SDK keeps its first options.
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
