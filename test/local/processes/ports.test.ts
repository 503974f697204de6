import { createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../../local/processes/ports.ts';

async function busyPort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

it('returns the preferred port if it is free', async () => {
  const port = await freePort(0);
  expect(await freePort(port)).toBe(port);
});

it.each(['127.0.0.1', '0.0.0.0', '::'])('returns the next port when a server listens on %s', async (host) => {
  const port = await busyPort(host);
  expect(await freePort(port)).toBeGreaterThan(port);
});

it('leaves out ports that others have', async () => {
  const port = await freePort(0);
  expect(await freePort(port, [port])).toBeGreaterThan(port);
});
