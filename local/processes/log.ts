/** Takes log lines of the local servers: a constant sentence plus fields. */
export interface LocalLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** Drops every line. */
export const silentLog: LocalLog = { info: () => undefined, warn: () => undefined };
