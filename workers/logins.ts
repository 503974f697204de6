import { ensureLogin } from '../activities/ledger/logins.ts';
import { ConfigError } from '../platform/config.ts';
import type { Role } from './roles.ts';

type LedgerRole = Exclude<Role, 'workflows'>;

/** The database group that has a role's rights, made by the migrations. The role's logins are its members. */
export const ledgerGroup = (role: LedgerRole): string =>
  role === 'ledger' ? 'muster_ledger' : `muster_provider_${role.replaceAll('-', '_')}`;

/**
 * Makes the login that each role's connection names, as a member of that role's group only. If the login exists, sets its
 * password.
 * @param adminUrl connection of a database role that may create roles
 * @returns names of the logins
 * @throws {ConfigError} for a connection without a user or a password, or if two roles have the same login
 */
export async function ensureLogins(
  adminUrl: string,
  urls: readonly { readonly role: LedgerRole; readonly url: string }[],
): Promise<string[]> {
  const taken = new Map([[decodeURIComponent(new URL(adminUrl).username), 'the migration']]);
  const logins = urls.map(({ role, url }) => {
    const { username = '', password = '' } = URL.canParse(url) ? new URL(url) : {};
    const login = decodeURIComponent(username);
    if (login === '' || password === '') {
      throw new ConfigError(`the ledger's connection of role ${role} must be a URL with a user and a password`);
    }
    const other = taken.get(login);
    if (other !== undefined) {
      throw new ConfigError(`role ${role} and ${other} have the same login "${login}": each needs its own`);
    }
    taken.set(login, `role ${role}`);
    return { login, password: decodeURIComponent(password), role: ledgerGroup(role) };
  });
  for (const each of logins) await ensureLogin(adminUrl, each);
  return logins.map(({ login }) => login);
}
