import { expect, it } from 'vitest';
import { KEY_PLACEHOLDER } from '../../../contracts/providers/definition.ts';
import { tensorpool, TensorPoolPlacement } from '../../../contracts/providers/tensorpool.ts';

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE7x a@b';
const placement = (spec: Record<string, unknown>, own: Record<string, unknown> = {}) => ({
  ...{ provider: 'tensorpool', spec: { instanceType: '8xH100', ...spec } },
  ...own,
});

it('makes the whole call, with nothing left to a default of the service', () => {
  const parsed = TensorPoolPlacement.parse(placement({ numNodes: 4, publicKeys: [PUBLIC_KEY], container: 'a/b:1' }));
  expect(parsed.region).toBe('global');
  expect(tensorpool.nodesWanted(parsed)).toBe(4);
  expect(tensorpool.units(parsed)).toEqual([{ instanceType: '8xH100', count: 4 }]);
  expect(tensorpool.resolveCall(parsed, 'request-1')).toEqual({
    instance_type: '8xH100',
    num_nodes: 4,
    tp_cluster_name: KEY_PLACEHOLDER,
    public_keys: [PUBLIC_KEY],
    container: 'a/b:1',
    deletion_protection: false,
    save_keys: false,
  });
});

it('takes one node and no key where none are given', () => {
  const parsed = TensorPoolPlacement.parse(placement({}));
  expect(tensorpool.resolveCall(parsed, 'request-1')).toMatchObject({ num_nodes: 1, public_keys: [] });
});

it.each([
  ['a type that does not exist', placement({ instanceType: '9xH100' })],
  ['no nodes', placement({ numNodes: 0 })],
  ['half a node', placement({ numNodes: 1.5 })],
  ['a private key', placement({ publicKeys: ['-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n'] })],
  ['two keys in one', placement({ publicKeys: [`${PUBLIC_KEY}\n${PUBLIC_KEY}`] })],
  ['another region', placement({}, { region: 'us-west-2' })],
  ['a field that nobody knows', placement({ nodes: 2 })],
])('refuses %s', (_what, wrong) => {
  expect(TensorPoolPlacement.safeParse(wrong).success).toBe(false);
});
