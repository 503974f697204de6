import { SimulatorControl } from './control.ts';
import type { ControlledWorld } from './control-routes.ts';
import { listen, type Handler } from './server.ts';

/** What a client needs to call a simulator. */
export interface SimulatorAccess {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly endpoint: string;
  /** The region that clients use unless told otherwise; absent at providers without regions. */
  readonly region?: string;
  /** At providers with access keys. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** At providers with one API key. */
  readonly apiKey?: string;
}

/** The part of a running simulator that is the same for every provider. */
export interface SimulatorServer {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** The control API, which scripts faults and shows what happened. */
  readonly control: SimulatorControl;
  /** Closes all sockets at once. Resolves when the state is on disk. */
  close(): Promise<void>;
}

/** A running simulator of any provider. */
export interface RunningSimulator extends SimulatorServer {
  readonly access: SimulatorAccess;
  /** Environment variables that send the vendor's own clients to the simulator. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Serves a simulated account on a port of the loopback interface.
 * @param handlerOf makes the handler; its signal aborts when the simulator closes, and ends everything that waits
 * @throws when the port is taken
 */
export async function serveSimulator(
  world: ControlledWorld,
  port: number,
  handlerOf: (closing: AbortSignal) => Handler,
): Promise<SimulatorServer> {
  const closing = new AbortController();
  const server = await listen(port, handlerOf(closing.signal));
  return {
    url: server.url,
    control: new SimulatorControl(server.url),
    close: async () => {
      closing.abort();
      await server.close();
      await world.save();
    },
  };
}
