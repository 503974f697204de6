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
  /** A server that runs already: nothing is started. */
  readonly address?: string | undefined;
  readonly namespace?: string | undefined;
  /** TEMPORAL_CLI_PATH. */
  readonly cliPath?: string | undefined;
  /** Preferred ports; the next free ones are taken when they are busy, any when 0. */
  readonly port: number;
  readonly uiPort: number;
}

/** A Temporal to work with, our own or somebody's. */
export interface LocalTemporal {
  readonly address: string;
  readonly namespace: string;
  /** `undefined` for somebody else's server, and where no Web UI would start. */
  readonly uiUrl: string | undefined;
  /** Settles with the reason when our own server ends; never for somebody else's. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

interface StartOptions extends TemporalChoice {
  readonly dataDir: string;
  readonly searchAttributes: SearchAttributeTypes;
  readonly log: LocalLog;
  readonly onStep: OnStep;
}

/** Connects to the server that was named, or starts a dev server of our own on a file, and the newest Web UI with it. */
export async function startTemporal(options: StartOptions): Promise<LocalTemporal> {
  const step = beginStep('Temporal', options.onStep);
  const namespace = options.namespace ?? 'default';
  if (options.address !== undefined) {
    await registerSearchAttributes(options.address, namespace, options.searchAttributes);
    step.done(`${options.address}, not ours`);
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
  // Chosen first: the server is told at its start whether it serves a Web UI.
  const uiStep = beginStep('Web UI', options.onStep);
  const tellUi = ({ note }: { note: string }) => {
    uiStep.note(note);
  };
  const choice = await chooseUi(cliPath, options, tellUi, options.log);
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
    options.log.warn('the web ui did not start; everything else does', { error: String(error) });
    step.done('did not start: muster.log in the data folder says why');
    return server;
  }
}

function joined(...parts: (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(', ');
}
