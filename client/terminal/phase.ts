import pc from 'picocolors';

const COLOURS: Readonly<Record<string, (text: string) => string>> = {
  planning: pc.cyan,
  creating: pc.cyan,
  waiting: pc.cyan,
  compensating: pc.yellow,
  ready: pc.green,
  failed: pc.red,
  cancelled: pc.magenta,
};

/** A phase in its colour, padded to a width so that columns align. */
export const phaseText = (phase: string, width = 0): string => (COLOURS[phase] ?? pc.dim)(phase.padEnd(width));
