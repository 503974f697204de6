import { ALIBABA_ECS_KEY_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import { type SeedCluster, type SimulatedCluster, SimulatorControl } from '../../../simulators/index.ts';

type Seeded = Parameters<SimulatorControl['seedCluster']>[0];

/** The simulator's control API. It seeds clusters in a container. */
export class WithContainer extends SimulatorControl {
  override seedCluster(cluster: Seeded): Promise<SimulatedCluster> {
    return super.seedCluster({ instanceType: 'ecs.sccgn7ex.32xlarge', ...cluster });
  }
}

/**
 * The same for instance sets, whose name is their key tag. The simulator identifies each run by its first instance. The
 * adapter identifies all of them together by their key.
 */
export class WithoutContainer extends SimulatorControl {
  override async seedCluster(cluster: Seeded): Promise<SimulatedCluster> {
    const tags: SeedCluster['tags'] = { ...cluster.tags, [ALIBABA_ECS_KEY_TAG]: cluster.name };
    return named(await super.seedCluster({ ...cluster, tags }));
  }

  override async clusters(options?: { live?: boolean }): Promise<SimulatedCluster[]> {
    return (await super.clusters(options)).map(named);
  }
}

const named = (cluster: SimulatedCluster): SimulatedCluster => ({ ...cluster, id: `instances:${cluster.name}` });
