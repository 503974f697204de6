import path from 'node:path';
import type { SearchAttributeTypes } from '../../platform/search-attributes.ts';
import type { LocalLog } from '../processes/log.ts';
import { busyPortNote } from '../processes/ports.ts';
import { beginStep, type OnStep, type RunningStep } from '../processes/start-steps.ts';
import type { Machine } from '../programs/program.ts';
import { findTemporalCli } from '../programs/temporal-cli.ts';
import { registerSearchAttributes } from './search-attributes.ts';
import { startTemporalServer, type TemporalServer } from './server.ts';
import { chooseUi, type UiChoice } from './ui-choice.ts';
import { startWebUi } from './web-ui.ts';

/** Which Temporal the stack uses. */
export interface TemporalChoice extends Machine {
  /** Address of a server that runs already. If given, none is started. */
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  /** TEMPORAL_CLI_PATH. */
  readonly cliPath?: string | undefined;
  /** Preferred ports. The next free ones if they are busy; any if 0. */
  readonly port: number;
  readonly uiPort: number;
}

/** A Temporal server, started here or by others. */
export interface LocalTemporal {
  readonly address: string;
  readonly namespace: string;
  /** Undefined for a server that was started by others, and where the Web UI did not start. */
  readonly uiUrl: string | undefined;
  /** Resolves with the reason when the server that was started here has ended. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

interface StartOptions extends TemporalChoice {
  readonly dataDir: string;
  readonly searchAttributes: SearchAttributeTypes;
  readonly log: LocalLog;
  readonly onStep: OnStep;
}

/** Uses the server at the given address, or starts a dev server with a database file and the newest Web UI. */
export async function startTemporal(options: StartOptions): Promise<LocalTemporal> {
  const step = beginStep('Temporal', options.onStep);
  const namespace = options.namespace ?? 'default';
  if (options.address !== undefined) {
    await registerSearchAttributes(options.address, namespace, options.searchAttributes);
    step.done(`${options.address}, which runs already`);
    return {
      address: options.address,
      namespace,
      uiUrl: undefined,
      exited: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    };
  }
  const cliPath = await findTemporalCli({ ...options, temporalCliPath: options.cliPath }, ({ note }) => {
    step.note(note);
  });
  // Chosen first: whether the server serves a Web UI is an option of its start.
  const uiStep = beginStep('Web UI', options.onStep);
  const reportUi = ({ note }: { note: string }) => {
    uiStep.note(note);
  };
  const choice = await chooseUi(cliPath, options, reportUi, options.log);
  const server = await startTemporalServer({
    cliPath,
    dataDir: path.join(options.dataDir, 'temporal'),
    dbFilename: 'temporal.db',
    port: options.port,
    uiPort: options.uiPort,
    headless: choice.kind === 'program',
    namespace,
    searchAttributes: options.searchAttributes,
    log: options.log,
  });
  step.done(joined(server.address, busyPortNote(options.port, server.port)));
  return { ...(await withUi(server, choice, namespace, options, uiStep)), namespace };
}

/** The server together with its Web UI. */
async function withUi(
  server: TemporalServer,
  choice: UiChoice,
  namespace: string,
  options: StartOptions,
  step: RunningStep,
): Promise<Omit<LocalTemporal, 'namespace'>> {
  const done = (url: string, problem?: string) => {
    step.done(joined(url, choice.version, busyPortNote(options.uiPort, Number(new URL(url).port)), problem));
  };
  if (choice.kind === 'inside-cli') {
    if (server.uiUrl !== undefined) done(server.uiUrl, choice.problem);
    return server;
  }
  try {
    const dataDir = path.join(options.dataDir, 'web-ui');
    const { program } = choice;
    const { address } = server;
    const ui = await startWebUi({ program, dataDir, address, namespace, port: options.uiPort, log: options.log });
    done(ui.url);
    const stop = async () => {
      await ui.stop();
      await server.stop();
    };
    return { ...server, uiUrl: ui.url, stop };
  } catch (error) {
    options.log.warn('the web ui did not start; the stack goes on without it', { error: String(error) });
    step.done('did not start: muster.log in the data folder says why');
    return server;
  }
}

function joined(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(', ');
}
