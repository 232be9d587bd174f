import type { Place, Placement } from './placement.ts'

/** What of a migrated database decides whether its tables can be placed. */
export interface SchemaFacts {
  /** Without partitions, which follow their parent. */
  readonly tables: readonly { name: string; columns: readonly string[] }[]
  /** Primary keys, unique constraints and indexes, and exclusion constraints by the columns that they compare with `=`. */
  readonly keys: readonly { table: string; name: string; columns: readonly string[] }[]
  readonly foreignKeys: readonly {
    table: string
    name: string
    columns: readonly string[]
    target: string
    targetColumns: readonly string[]
  }[]
  /** Row policies with a sub-select. */
  readonly policies: readonly { table: string; name: string }[]
  readonly triggers: readonly { table: string; name: string }[]
}

/** The place of each table, or `undefined` for a table without one. */
export function placesOf(placement: readonly Placement[]): ReadonlyMap<string, Place> {
  return new Map(placement.flatMap(({ place, tables }) => tables.map((table) => [table, place] as const)))
}

/** Why the tables cannot be placed so; a sentence each, which names the table. Empty if they can. */
export function misfits(
  facts: SchemaFacts,
  placement: readonly Placement[],
  unguarded: Readonly<Record<string, string>>,
): string[] {
  const places = placesOf(placement)
  return [
    ...unplaced(facts, placement, places),
    ...columns(facts, places),
    ...keys(facts, places),
    ...facts.foreignKeys.flatMap((key) => foreignKey(key, places)),
    ...guards(facts, places, unguarded),
  ]
}

function unplaced(facts: SchemaFacts, placement: readonly Placement[], places: ReadonlyMap<string, Place>): string[] {
  const present = new Set(facts.tables.map(({ name }) => name))
  const listed = placement.flatMap(({ tables }) => tables)
  const twice = listed.filter((table, i) => listed.indexOf(table) !== i)
  return [
    ...facts.tables.flatMap(({ name }) => (places.has(name) ? [] : [`${name} has no place`])),
    ...listed.flatMap((table) => (present.has(table) ? [] : [`${table} has a place, but does not exist`])),
    ...twice.map((table) => `${table} has two places`),
  ]
}

function columns({ tables }: SchemaFacts, places: ReadonlyMap<string, Place>): string[] {
  return tables.flatMap(({ name, columns: present }) => {
    const place = places.get(name)
    if (place?.kind !== 'distributed' || present.includes(place.by)) return []
    return [`${name} is distributed by ${place.by}, which it does not have`]
  })
}

/** What must be unique can only be held so within a shard. */
function keys(facts: SchemaFacts, places: ReadonlyMap<string, Place>): string[] {
  return facts.keys.flatMap(({ table, name, columns: over }) => {
    const place = places.get(table)
    if (place?.kind !== 'distributed' || over.includes(place.by)) return []
    return [`${table} is distributed by ${place.by}, which ${name} does not contain`]
  })
}

function foreignKey(
  { table, name, columns: from, target, targetColumns }: SchemaFacts['foreignKeys'][number],
  places: ReadonlyMap<string, Place>,
): string[] {
  const [place, other] = [places.get(table), places.get(target)]
  if (!place || !other || other.kind === 'reference') return []
  if (place.kind === 'local' && other.kind === 'local') return []
  const at = place.kind === 'distributed' ? from.indexOf(place.by) : -1
  if (place.kind === 'distributed' && other.kind === 'distributed' && at >= 0 && targetColumns[at] === other.by)
    return []
  return [`${table} is ${place.kind}, and ${name} refers to ${target}, which is ${other.kind}`]
}

/** Triggers and policies that look into other tables stay on the coordinator. */
function guards(
  facts: SchemaFacts,
  places: ReadonlyMap<string, Place>,
  unguarded: Readonly<Record<string, string>>,
): string[] {
  const spread = ({ table }: { table: string }) => (places.get(table)?.kind ?? 'local') !== 'local'
  const guarded = new Set(facts.policies.filter(spread).map(({ table }) => table))
  return [
    ...facts.triggers.filter(spread).map(({ table, name }) => `${table} is not local, and has the trigger ${name}`),
    ...[...guarded].flatMap((table) =>
      table in unguarded ? [] : [`${table} is not local, and has a row policy with a sub-select`],
    ),
    ...Object.keys(unguarded).flatMap((table) =>
      guarded.has(table) ? [] : [`${table} is said to lose a row policy on a cluster, but has none`],
    ),
  ]
}
