import { PROVIDER_NAMES, type ProviderName } from '../contracts/providers/registry.ts';

/** A worker's role: `workflows` (also for the common queue), `ledger`, or one provider. */
export type Role = 'workflows' | 'ledger' | ProviderName;

export const ROLES: readonly Role[] = ['workflows', 'ledger', ...PROVIDER_NAMES];

/** Parses a list such as `workflows,ledger`. @throws {RangeError} with the names that are not roles */
export function parseRoles(text: string): Role[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(ROLES as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new RangeError(`--roles: "${unknown.join(', ')}" is not a role; roles are ${ROLES.join(', ')}`);
  }
  return [...new Set(names)] as Role[];
}
