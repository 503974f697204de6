import { readFileSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';
import { ledgerFolder, readLedgerFiles } from '../../activities/ledger/ledger-files.ts';

/** The dump that is committed. */
export const SCHEMA_DUMP = path.join(ledgerFolder(), 'schema.sql');

const HEADER = `-- The ledger as all files of schema/, functions/ and roles.sql make it, for people to read.
-- Times are milliseconds since the epoch, money is micro-dollars.
-- Written by \`npm run dump-schema\`: do not edit it, and do not run it.
`;

/** Roles by the name under which the dump shows them: all provider roles have the same rights. */
const ROLE = `case when grantee = 0 then 'public' when grantee::regrole::text like 'muster\\_provider\\_%' then 'muster_provider_*'
  else grantee::regrole::text end`;

const TABLES = `select c.oid::regclass::text as name, obj_description(c.oid, 'pg_class') as comment,
  (select jsonb_agg(jsonb_build_object('name', attname, 'comment', col_description(c.oid, attnum),
      'type', format_type(atttypid, atttypmod)
        || case when attnotnull then ' not null' else '' end
        || case attidentity when 'a' then ' generated always as identity' else '' end
        || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')) order by attnum)
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid = c.oid and attnum > 0 and not attisdropped) as columns,
  (select coalesce(jsonb_agg(pg_get_constraintdef(oid, true) order by contype <> 'p', contype, pg_get_constraintdef(oid)), '[]')
    from pg_constraint where conrelid = c.oid and contype <> 'n') as constraints,
  (select coalesce(jsonb_agg(pg_get_indexdef(indexrelid, 0, true) order by indexrelid::regclass::text), '[]')
    from pg_index where indrelid = c.oid
    and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))) as indexes,
  (select coalesce(jsonb_agg(pg_get_triggerdef(oid, true) order by tgname), '[]')
    from pg_trigger where tgrelid = c.oid and not tgisinternal) as triggers,
  (select coalesce(jsonb_agg(distinct right_of order by right_of), '[]') from (
    select string_agg(lower(privilege_type), ', ' order by privilege_type) || ' to ' || role as right_of
    from (select distinct privilege_type, ${ROLE} as role from aclexplode(c.relacl) where grantee <> c.relowner) granted
    group by role) rights) as rights,
  case c.relkind when 'v' then pg_get_viewdef(c.oid, true) end as view
  from pg_class c where c.relkind in ('r', 'v') and c.relnamespace = 'muster'::regnamespace order by c.relkind, c.oid`;

const FUNCTIONS = `select p.proname as name,
  p.proname || '(' || pg_get_function_arguments(p.oid) || ') returns ' || pg_get_function_result(p.oid)
    || case when p.prosecdef then ' security definer' else '' end as signature,
  (select coalesce(jsonb_agg(distinct ${ROLE} order by ${ROLE}), '[]')
    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) where grantee <> p.proowner) as roles
  from pg_proc p where p.pronamespace = 'muster'::regnamespace order by p.oid`;

interface Table {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly comment: string | null }[];
  readonly constraints: readonly string[];
  readonly indexes: readonly string[];
  readonly triggers: readonly string[];
  readonly rights: readonly string[];
  readonly view: string | null;
}

interface Function {
  readonly name: string;
  readonly signature: string;
  readonly roles: readonly string[];
}

/**
 * The ledger of a database as text: tables, views, functions, and who may use them.
 * @param db a database that was just migrated: everything is in the order in which it was made
 */
export async function dumpSchema(db: pg.Pool | pg.ClientBase): Promise<string> {
  const { rows: tables } = await db.query<Table>(TABLES);
  const { rows: functions } = await db.query<Function>(FUNCTIONS);
  return [HEADER, ...tables.map(tableText), ...functionTexts(functions)].join('\n');
}

function tableText(table: Table): string {
  const comment = table.comment === null ? [] : [`-- ${table.comment}`];
  const rights = table.rights.map((right) => `-- ${right}`);
  if (table.view !== null) return [...comment, `create view ${table.name} as`, table.view, ...rights, ''].join('\n');
  const lines = [
    ...table.columns.map(({ name, type, comment: text }) => ({ sql: `${name} ${type}`, text })),
    ...table.constraints.map((sql) => ({ sql, text: null })),
  ];
  const width = Math.max(...lines.filter(({ text }) => text !== null).map(({ sql }) => sql.length + 3));
  const body = lines.map(({ sql, text }, index) => {
    const line = `  ${sql}${index === lines.length - 1 ? '' : ','}`;
    return text === null ? line : `${line.padEnd(width)}  -- ${text}`;
  });
  const others = [...table.indexes, ...table.triggers].map((statement) => `${statement};`);
  return [...comment, `create table ${table.name} (`, ...body, ');', ...others, ...rights, ''].join('\n');
}

/** A section a file, in the order of application. */
function functionTexts(functions: readonly Function[]): string[] {
  const { schemaFolder, schema, functions: repeatable, roles } = readLedgerFiles();
  const files = [
    ...schema.map((name) => ({
      name: `schema/${name}.sql`,
      sql: readFileSync(path.join(schemaFolder, `${name}.sql`), 'utf8'),
    })),
    ...repeatable,
    roles,
  ];
  const sections = files.map(({ name, sql }) => ({ name, functions: functions.filter((each) => defines(sql, each)) }));
  const elsewhere = functions.filter((each) => !files.some(({ sql }) => defines(sql, each)));
  return [...sections, { name: 'Functions of no file', functions: elsewhere }]
    .filter((section) => section.functions.length > 0)
    .map((section) => [`-- ${section.name}`, ...section.functions.map(functionText), ''].join('\n'));
}

const defines = (sql: string, { name }: Function): boolean =>
  new RegExp(`^create (or replace )?function muster\\.${name}\\(`, 'm').test(sql);

const functionText = ({ signature, roles }: Function): string =>
  `function ${signature};${roles.length === 0 ? '' : `  -- ${roles.join(', ')}`}`;
