import { createRequire } from 'node:module';

interface Account {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Tags instances after their birth: nothing that the adapter does. */
export async function addTags(
  { url, region, accessKeyId, secretAccessKey }: Account,
  resourceId: string[],
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  const require = createRequire(import.meta.url);
  const ecs = require('@alicloud/ecs20140526') as typeof import('@alicloud/ecs20140526');
  const { $OpenApiUtil } = require('@alicloud/openapi-core') as typeof import('@alicloud/openapi-core');
  const client = new ecs.default(
    new $OpenApiUtil.Config({
      ...{ accessKeyId, accessKeySecret: secretAccessKey, regionId: region },
      ...{ endpoint: new URL(url).host, protocol: 'HTTP' },
    }),
  );
  const tag = Object.entries(tags).map(([key, value]) => new ecs.TagResourcesRequestTag({ key, value }));
  await client.tagResources(
    new ecs.TagResourcesRequest({ regionId: region, resourceType: 'instance', resourceId, tag }),
  );
}
