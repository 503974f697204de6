import { SimulatorControl } from './control.ts';
import type { Controlled } from './control-routes.ts';
import { listen, type Handler } from './server.ts';

/** What every running simulator offers, whatever its provider. */
export interface RunningSimulator {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  readonly control: SimulatorControl;
  /** Ends all sockets at once and resolves when the state is on disk. */
  close(): Promise<void>;
}

/**
 * Puts a simulated account on a port.
 * @param handlerOf makes the handler; its signal is given when the simulator closes, for whatever waits
 * @throws when the port is taken
 */
export async function runSimulator(
  world: Controlled,
  port: number,
  handlerOf: (closing: AbortSignal) => Handler,
): Promise<RunningSimulator> {
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
