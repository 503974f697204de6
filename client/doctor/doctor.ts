import type { Client } from '@temporalio/client';
import { failed, unknown, type Check, type Location } from '../../contracts/health.ts';
import { definitionOf, PROVIDER_NAMES } from '../../contracts/providers/registry.ts';
import { MusterError } from '../errors.ts';
import type { Muster } from '../muster.ts';
import { diskCheck, nodeCheck } from './machine.ts';
import { temporalChecks, webUiCheck } from './temporal.ts';

/** What to check. */
export interface DoctorInput {
  /** Such as 20.20.1. */
  readonly nodeVersion: string;
  /** Folders that need disk space, with the purpose of each. */
  readonly folders: readonly { readonly folder: string; readonly purpose: string }[];
  /** Which Temporal, and where its address comes from. */
  readonly target: { readonly address: string; readonly from: string; readonly uiUrl: string | null };
  /** Regions to check, each at every provider that has it; empty for the default region of each provider. */
  readonly regions: readonly string[];
}

/** Checks everything that Muster needs, from this machine to the providers. Each failed check has a fix. */
export async function runChecks(
  { nodeVersion, folders, target, regions }: DoctorInput,
  connect: () => Promise<{ client: Client; muster: Muster }>,
): Promise<Check[]> {
  const machineChecks = [
    nodeCheck(nodeVersion),
    ...(await Promise.all(folders.map(({ folder, purpose }) => diskCheck(folder, purpose)))),
  ];
  const address = `${target.address} (${target.from})`;
  try {
    const { client, muster } = await connect();
    try {
      const [server, ui, workers] = await Promise.all([
        temporalChecks(client),
        webUiCheck(target.uiUrl),
        workerChecks(muster, locationsOf(regions)),
      ]);
      return [...machineChecks, ...server.map((check) => withAddress(check, address)), ui, ...workers];
    } finally {
      await client.connection.close();
    }
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return [
      ...machineChecks,
      failed('Temporal', `${address}: ${error.message}`, 'Run npm start for a local one, or set TEMPORAL_ADDRESS.'),
      unknown('namespace, Web UI, workers, ledger, providers', 'Temporal must answer first'),
    ];
  }
}

const withAddress = (check: Check, address: string): Check =>
  check.subject === 'Temporal' ? { ...check, detail: `${address}, ${check.detail}` } : check;

function locationsOf(regions: readonly string[]): Location[] {
  return PROVIDER_NAMES.flatMap((provider) => {
    const { region: schema, defaultRegion } = definitionOf(provider);
    const named = regions.filter((region) => schema.safeParse(region).success);
    return (regions.length > 0 ? named : [defaultRegion]).map((region) => ({ provider, region }));
  });
}

async function workerChecks(muster: Muster, locations: readonly Location[]): Promise<readonly Check[]> {
  try {
    return await muster.checkHealth(locations);
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    return [
      failed('worker of role workflows', error.message, 'npm run worker -- --roles workflows'),
      unknown('ledger, providers', 'the role workflows must run first'),
    ];
  }
}
