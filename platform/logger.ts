import { pino, type Logger } from 'pino';
import type { Config } from './config.ts';

export type { Logger };

/**
 * A logger of constant sentences plus fields. Writes JSON lines to standard error, because standard output is for results.
 * @param destination a file to write to instead, for the local stack
 */
export function createLogger(level: Config['MUSTER_LOG_LEVEL'], destination?: string): Logger {
  return pino(
    { level, base: null },
    pino.destination(destination === undefined ? 2 : { dest: destination, mkdir: true, sync: true }),
  );
}
