import { createRequire } from 'node:module';

interface Account {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const require = createRequire(import.meta.url);
const ecs = require('@alicloud/ecs20140526') as typeof import('@alicloud/ecs20140526');
const { $OpenApiUtil } = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core');

const clientOf = ({ url, region, accessKeyId, secretAccessKey }: Account) =>
  new ecs.default(
    new $OpenApiUtil.Config({
      ...{ accessKeyId, accessKeySecret: secretAccessKey, regionId: region },
      ...{ endpoint: new URL(url).host, protocol: 'HTTP' },
    }),
  );

/** Renames a container. The adapter never does. */
export async function renameContainer(account: Account, hpcClusterId: string, name: string): Promise<void> {
  const { region: regionId } = account;
  await clientOf(account).modifyHpcClusterAttribute(
    new ecs.ModifyHpcClusterAttributeRequest({ regionId, hpcClusterId, name }),
  );
}

/** Adds tags to existing instances. The adapter never does. */
export async function addTags(
  account: Account,
  resourceId: string[],
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const { region } = account;
  const tag = Object.entries(tags).map(([key, value]) => new ecs.TagResourcesRequestTag({ key, value }));
  await clientOf(account).tagResources(
    new ecs.TagResourcesRequest({ regionId: region, resourceType: 'instance', resourceId, tag }),
  );
}
