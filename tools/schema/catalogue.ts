import postgres from 'postgres'

/** What a database says of itself: by table and part (`connection: column name`), how that part is made. */
export type Catalogue = ReadonlyMap<string, string>

/** Tables and their partitions: a partition is its parent's business. */
const ours = `c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`

const queries = [
  `select c.relname as table, 'table' as part, 'present' as made from pg_class c where ${ours}`,
  `select c.relname as table, 'column ' || a.attname as part,
      format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end
        || case when a.attidentity <> '' then ' identity' else '' end
        || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') as made
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where ${ours}`,
  // A NOT NULL is the column's; names are part of it, because the program tells violations apart by them.
  `select c.relname as table, case k.contype when 'p' then 'primary key' when 'u' then 'unique constraint' when 'f' then 'foreign key'
      when 'x' then 'exclusion constraint' else 'check' end || ' ' || k.conname as part, pg_get_constraintdef(k.oid) as made
    from pg_class c join pg_constraint k on k.conrelid = c.oid and k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0
    where ${ours}`,
  `select c.relname as table, 'index ' || i.relname as part, regexp_replace(pg_get_indexdef(x.indexrelid), ' ON (ONLY )?', ' ON ') as made
    from pg_class c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
    where ${ours} and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))`,
  `select t.typname as table, 'values' as part, string_agg(e.enumlabel, ', ' order by e.enumsortorder) as made
    from pg_type t join pg_enum e on e.enumtypid = t.oid where t.typnamespace = 'public'::regnamespace group by t.typname`,
]

/** Reads the catalogue of a database, without a trace of how it was made. */
export async function catalogueOf(url: string): Promise<Catalogue> {
  const client = postgres(url, { max: 1, onnotice: () => undefined })
  try {
    const found = new Map<string, string>()
    for (const query of queries)
      for (const { table, part, made } of await client.unsafe(query)) found.set(`${table}: ${part}`, made)
    return found
  } finally {
    await client.end({ timeout: 5 })
  }
}

/**
 * What one has and the other has not, or otherwise: one sentence each, which names table and part.
 * @param byHand parts that only migrations make; one that they make no longer is a fault too.
 */
export function differences(defined: Catalogue, migrated: Catalogue, byHand: readonly string[]): string[] {
  const excused = (part: string): boolean =>
    byHand.includes(part) || byHand.includes(`${part.slice(0, part.indexOf(':'))}: table`)
  const parts = [...new Set([...defined.keys(), ...migrated.keys()])].sort()
  const faults = parts.flatMap((part) => {
    const [wanted, found] = [defined.get(part), migrated.get(part)]
    if (wanted === found || (wanted === undefined && excused(part))) return []
    if (found === undefined) return [`${part} is defined (${wanted}), but no migration makes it`]
    if (wanted === undefined) return [`${part} is made by the migrations (${found}), but not defined`]
    return [`${part} is defined as ${wanted}, but the migrations make it ${found}`]
  })
  const idle = byHand.filter((part) => defined.has(part) || !migrated.has(part))
  return [...faults, ...idle.map((part) => `${part} is no longer made by hand alone`)]
}
