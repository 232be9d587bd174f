import type { Database } from '../../../platform/db/index.ts'
import type { SchemaFacts } from './fit.ts'

/** Tables of ours, without partitions. */
const ours = `c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`

const namesOf = (relation: string, numbers: string) =>
  `array(select a.attname::text from unnest(${numbers}) with ordinality n(attnum, at)
    join pg_attribute a on a.attrelid = ${relation} and a.attnum = n.attnum order by n.at)`

/** Reads what decides where tables can live from the catalogue of a migrated database. */
export async function readFacts({ $client: query }: Pick<Database, '$client'>): Promise<SchemaFacts> {
  const read = async <Row extends object>(text: string): Promise<Row[]> => [...(await query.unsafe<Row[]>(text))]
  return {
    tables: await read(`select c.relname as name,
      array(select attname::text from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped) as columns
      from pg_class c where ${ours} order by 1`),
    // An exclusion constraint counts by its columns under `=`; an expression has the number 0, and no name.
    keys: await read(`select c.relname as table, i.relname as name, ${namesOf('c.oid', 'x.indkey[0:x.indnkeyatts - 1]')} as columns
      from pg_class c join pg_index x on x.indrelid = c.oid join pg_class i on i.oid = x.indexrelid
      where ${ours} and x.indisunique
      union all
      select c.relname, k.conname, array(select (regexp_matches(pg_get_constraintdef(k.oid), '(\\w+) WITH =', 'g'))[1])
      from pg_class c join pg_constraint k on k.conrelid = c.oid and k.contype = 'x' where ${ours}
      order by 1, 2`),
    foreignKeys: await read(`select c.relname as table, k.conname as name, ${namesOf('c.oid', 'k.conkey')} as columns,
      t.relname as target, ${namesOf('t.oid', 'k.confkey')} as "targetColumns"
      from pg_class c join pg_constraint k on k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0
      join pg_class t on t.oid = k.confrelid where ${ours} order by 1, 2`),
    policies:
      await read(`select c.relname as table, p.polname as name from pg_class c join pg_policy p on p.polrelid = c.oid
      where ${ours} and concat(pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)) ilike '%select%' order by 1, 2`),
    triggers:
      await read(`select c.relname as table, t.tgname as name from pg_class c join pg_trigger t on t.tgrelid = c.oid
      where ${ours} and not t.tgisinternal order by 1, 2`),
  }
}
