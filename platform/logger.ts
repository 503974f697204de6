import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

export type { Logger };

/**
 * A logger: constant sentences plus fields, JSON lines on standard error (standard output belongs to results).
 * @param destination a file instead, for the local stack
 */
export function createLogger(level: Config['MUSTER_LOG_LEVEL'], destination?: string): Logger {
  return pino(
    { level, base: null },
    pino.destination(destination === undefined ? 2 : { dest: destination, mkdir: true, sync: true }),
  );
}
