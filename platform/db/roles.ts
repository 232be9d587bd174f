import { sql } from 'drizzle-orm'
import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import { codeOf, StartupError } from '../errors/index.ts'

/**
 * The role as which running servers work. It owns nothing: it cannot alter a schema, nor change or delete what may only be added to. It is one
 * role of the whole cluster, because roles are, and nobody logs in as it: a server sets it on each of its connections.
 */
export const runtimeRole = 'ringmain_runtime'

export interface RuntimeGrants {
  /** Tables whose rows are added, never changed or deleted. */
  appendOnly: readonly string[]
  /** Tables that only functions of the owner write. */
  readOnly: readonly string[]
}

/**
 * Grants the runtime role what it needs in a migrated database, and nothing more (OWASP ASVS 5.0, 13.2.2). Changes little where it is so already;
 * call it as the owner, under the migration lock.
 */
export async function grantRuntime(db: Pick<PostgresJsDatabase, 'execute'>, grants: RuntimeGrants): Promise<void> {
  await makeRole(db)
  await db.execute(
    sql.raw(`
    do $$
    declare it record;
    begin
      if has_schema_privilege('${runtimeRole}', 'public', 'create') then
        revoke create on schema public from public;
        revoke create on schema public from ${runtimeRole};
      end if;
      grant usage on schema public to ${runtimeRole};
      for it in
        select c.oid::regclass as name, c.relkind from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') and not c.relispartition
          and pg_has_role(c.relowner, 'usage')
          and not case c.relkind when 'S' then has_sequence_privilege('${runtimeRole}', c.oid, 'usage')
            else has_table_privilege('${runtimeRole}', c.oid, 'insert') end
      loop
        if it.relkind = 'S' then execute format('grant usage, select on sequence %s to ${runtimeRole}', it.name);
        else execute format('grant select, insert, update, delete on %s to ${runtimeRole}', it.name); end if;
      end loop;
      for it in select oid::regprocedure as name from pg_proc
        where pronamespace = 'public'::regnamespace and prosecdef and not has_function_privilege('${runtimeRole}', oid, 'execute')
      loop execute format('grant execute on function %s to ${runtimeRole}', it.name); end loop;
    end $$`),
  )
  for (const [tables, privileges] of [
    [grants.appendOnly, 'update, delete, truncate'],
    [grants.readOnly, 'insert, update, delete, truncate'],
  ] as const)
    for (const table of tables) await db.execute(sql.raw(`revoke ${privileges} on "${table}" from ${runtimeRole}`))
}

/** The role, and the right of the present user to work as it. Processes may come to it at once, in several databases. */
async function makeRole(db: Pick<PostgresJsDatabase, 'execute'>): Promise<void> {
  try {
    await db.execute(
      sql.raw(`
      do $$ begin
        if not exists (select from pg_roles where rolname = '${runtimeRole}') then create role ${runtimeRole} nologin; end if;
      exception when duplicate_object or unique_violation then null;
      end $$`),
    )
    await db.execute(
      sql.raw(`
      do $$ begin
        if not (select rolsuper from pg_roles where rolname = current_user) and not pg_has_role('${runtimeRole}', 'usage') then
          execute format('grant ${runtimeRole} to %I', current_user);
        end if;
      end $$`),
    )
  } catch (error) {
    // insufficient_privilege
    if (codeOf(error) !== '42501') throw error
    throw new StartupError(
      `The server works as the role ${runtimeRole}, which the database's user may not create: have an administrator of PostgreSQL run "create role ${runtimeRole} nologin; grant ${runtimeRole} to" that user.`,
    )
  }
}
