import { createServer, connect } from 'node:net';
import process from 'node:process';
import { URL } from 'node:url';
import { parseArgs } from 'node:util';
import { SIMULATOR_NAMES, startSimulators } from '../dist/simulators/index.js';

// Runs the simulators inside a container. They listen on its loopback interface only; this process lets other
// containers in, at one port a provider: the first takes --port, the others the ports after it.
//   node deploy/simulators.mjs --speed 120 --data /var/lib/muster --port 9101
const { values } = parseArgs({
  options: {
    speed: { type: 'string', default: '1' },
    data: { type: 'string' },
    port: { type: 'string', default: '9101' },
  },
});

const simulators = await startSimulators({ speed: Number(values.speed), folder: values.data });
const gates = SIMULATOR_NAMES.map((name, index) => {
  const inner = new URL(simulators.access(name).endpoint);
  const gate = createServer((socket) => {
    const behind = connect(Number(inner.port), inner.hostname);
    // When one side breaks, break the other too: callers must see resets and closed sockets as they are.
    socket.on('error', () => behind.destroy()).on('close', () => behind.destroy());
    behind.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  return gate.listen(Number(values.port) + index);
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    for (const gate of gates) gate.close();
    void simulators.close().finally(() => process.exit(0));
  });
}
