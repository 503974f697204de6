import pg from 'pg';

/** A worker's login: a member of one of the ledger's roles, and of no other. */
export interface Login {
  readonly login: string;
  readonly password: string;
  /** muster_ledger, or muster_provider_<name>. */
  readonly role: string;
}

/** Makes a login, or sets the password of one that exists. Needs a connection that may create roles. */
export async function ensureLogin(adminUrl: string, { login, password, role }: Login): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [login]);
    const verb = rowCount === 0 ? 'create' : 'alter';
    await client.query(
      `${verb} role ${client.escapeIdentifier(login)} login password ${client.escapeLiteral(password)}`,
    );
    await client.query(`grant ${client.escapeIdentifier(role)} to ${client.escapeIdentifier(login)}`);
  } finally {
    await client.end();
  }
}
