import { createServer, connect } from 'node:net';
import process from 'node:process';
import { URL } from 'node:url';
import { parseArgs } from 'node:util';
import { startSimulators } from '../dist/simulators/index.js';

// Runs the simulators inside a container. They listen on its loopback alone; this lets other containers in, at one
// port a provider:   node deploy/simulators.mjs --speed 120 --data /var/lib/muster sagemaker:9101
const { values, positionals } = parseArgs({
  options: { speed: { type: 'string', default: '1' }, data: { type: 'string' } },
  allowPositionals: true,
});

const simulators = await startSimulators({ speed: Number(values.speed), folder: values.data });
const gates = positionals.map((text) => {
  const [provider, port] = text.split(':');
  const inner = new URL(simulators.access(provider).endpoint);
  const gate = createServer((socket) => {
    const behind = connect(Number(inner.port), inner.hostname);
    // A side that breaks takes the other with it; callers are meant to see resets and hang-ups as they are.
    socket.on('error', () => behind.destroy()).on('close', () => behind.destroy());
    behind.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.pipe(behind).pipe(socket);
  });
  return gate.listen(Number(port));
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    for (const gate of gates) gate.close();
    void simulators.close().finally(() => process.exit(0));
  });
}
