import type postgres from 'postgres'
import { type Database, runtimeRole } from '../../../platform/db/index.ts'
import { StartupError } from '../../../platform/errors/index.ts'
import { readFacts } from './facts.ts'
import { misfits } from './fit.ts'
import { type Placement, placement, unguarded } from './placement.ts'

/** What is said of the tables and, if anything, against their places. */
export interface PlacementCheck {
  readonly tables: readonly { table: string; place: string; by?: string; because: string; withoutPolicy?: string }[]
  readonly faults: readonly string[]
}

/** Holds the stated places against a migrated database. */
export async function checkPlacement(db: Database): Promise<PlacementCheck> {
  return { tables: placement.flatMap(linesOf), faults: misfits(await readFacts(db), placement, unguarded) }
}

function linesOf({ place, because, tables }: Placement): PlacementCheck['tables'] {
  return tables.map((table) => ({
    table,
    place: place.kind,
    ...(place.kind === 'distributed' ? { by: place.by } : {}),
    because,
    ...(table in unguarded ? { withoutPolicy: unguarded[table] as string } : {}),
  }))
}

/**
 * Gives the tables of a migrated database their places on the cluster that it coordinates; those that have one keep it. Works as the owner.
 * @returns the tables that were placed now.
 * @throws StartupError where the extension is missing, or a table does not fit.
 */
export async function distributeTables(db: Database): Promise<string[]> {
  const query = db.$client
  const [citus] = await query`select from pg_extension where extname = 'citus'`
  if (!citus)
    throw new StartupError(
      'This database has no extension citus: create it on the coordinator and its nodes first (docs/scale-out.md). On one PostgreSQL there is nothing to distribute.',
    )
  const placed = new Set(
    (await query`select logicalrelid::text as name from pg_dist_partition`).map(({ name }) => name),
  )
  // What is placed has already lost its policies.
  const toLose = Object.fromEntries(Object.entries(unguarded).filter(([table]) => !placed.has(table)))
  const faults = misfits(await readFacts(db), placement, toLose)
  if (faults.length > 0) throw new StartupError(`These tables cannot be distributed: ${faults.join('; ')}.`)
  const made: string[] = []
  for (const { place, tables } of placement)
    for (const table of place.kind === 'local' ? [] : tables) {
      if (placed.has(table)) continue
      await query.begin(async (tx) => {
        if (table in unguarded) await withoutPolicies(tx, table)
        if (place.kind === 'distributed') await tx`select create_distributed_table(${table}, ${place.by})`
        else await tx`select create_reference_table(${table})`
      })
      made.push(table)
    }
  // Citus opens its connections to the nodes as the role that asks: servers work as this one.
  await query.unsafe(`alter role ${runtimeRole} login`)
  return made
}

async function withoutPolicies(tx: postgres.TransactionSql, table: string): Promise<void> {
  for (const { name } of await tx`select polname as name from pg_policy where polrelid = ${table}::regclass`)
    await tx.unsafe(`drop policy "${name}" on "${table}"`)
  await tx.unsafe(`alter table "${table}" disable row level security`)
}
