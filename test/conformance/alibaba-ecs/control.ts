import { ALIBABA_ECS_KEY_TAG } from '../../../contracts/providers/alibaba-ecs-call.ts';
import { SimulatorControl, type SimulatedCluster, type SeedCluster } from '../../../simulators/index.ts';

type Seeded = Parameters<SimulatorControl['seedCluster']>[0];

/** The simulator's control API, in which strangers are of the kind that a case is about: in a container. */
export class WithContainer extends SimulatorControl {
  override seedCluster(cluster: Seeded): Promise<SimulatedCluster> {
    return super.seedCluster({ instanceType: 'ecs.sccgn7ex.32xlarge', ...cluster });
  }
}

/**
 * The same for instances without a container, whose name is the tag that they wear. The simulator knows each run of them
 * by the id of its first instance, the adapter all together by their key.
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
