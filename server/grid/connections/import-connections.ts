import { sql } from 'drizzle-orm'
import { type CsvFile, type CsvFlaws, type CsvRow, RowReader } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { connectionOperations } from '../../../schemas/grid/connections.ts'
import { importColumns } from '../../../schemas/vocabulary/file-import.ts'
import { mpan } from '../../../schemas/vocabulary/units.ts'
import {
  addFlaws,
  type Comparison,
  type FilePlan,
  fieldChanges,
  importFile,
  stageRows,
  type Verb,
} from '../../kit/index.ts'
import { areaCodes } from '../areas/index.ts'

/** The most rows of one file: the homes of a few primaries. */
const maxRows = 200_000

/** The most MPANs of one connection, as where it is registered alone. */
const mostMpans = 20

/** Of a new connection for which the file states none. */
const usualPowerFactor = 0.95

/**
 * Imports connections with their MPANs: all of a file or, with a single flaw, nothing. The rows are checked and stored where they are, in
 * the database, so that a file of any length needs no memory here.
 */
export const importConnections: Verb<typeof connectionOperations.importConnections> = async (call) => {
  const plan: FilePlan = {
    maxRows,
    columns: importColumns.connections,
    required: ['mpans', 'nodeId'],
    stage,
    check,
    compare,
    async store(tx, found) {
      await store(tx)
      const { created, changed } = found
      const detail = { created, changed, changes: found.changes }
      call.audit({ action: 'connections.imported', subject: { type: 'network', id: call.id }, detail })
    },
  }
  const outcome = await importFile(call, plan)
  if (outcome.state === 'imported') call.announce('network')
  return outcome
}

const columns = [
  'node_id',
  'name',
  'customer',
  'address',
  'licence_area',
  'asc_kva',
  'export_kva',
  'power_factor',
] as const

/** Rows of the file, each with the connection that it is about: the present one, or a new one. */
async function stage(tx: Queryable, file: CsvFile): Promise<void> {
  await tx.execute(sql`
    create temp table given_connection (line int not null, mpans text not null, node_id text, name text, customer text, address text,
      licence_area text, asc_kva float8, export_kva float8, power_factor float8, connection_id uuid, is_new boolean not null default false) on commit drop`)
  await stageRows(tx, file, `given_connection (line, mpans, ${columns.join(', ')})`, (row) => valuesOf(row, file.flaws))
  await tx.execute(sql`
    create temp table given_mpan on commit drop as
    select line, unnest(string_to_array(mpans, ' ')) as mpan from given_connection`)
  await tx.execute(sql`analyze given_connection`)
  await tx.execute(sql`analyze given_mpan`)
  // Two files together could otherwise give one MPAN to two connections.
  await tx.execute(sql`lock table connection_mpan in share row exclusive mode`)
  await tx.execute(sql`
    update given_connection g set connection_id = held.connection_id
    from (
      select distinct on (m.line) m.line, c.connection_id from given_mpan m join connection_mpan c on c.mpan = m.mpan
      order by m.line, c.connection_id
    ) held where held.line = g.line`)
  await tx.execute(sql`
    update given_connection set connection_id = gen_random_uuid(), is_new = true where connection_id is null`)
}

function valuesOf(given: CsvRow, flaws: CsvFlaws) {
  const row = new RowReader(given)
  const mpans = row
    .text('mpans', 400)
    .split(/[\s,;]+/)
    .filter((each) => each !== '')
  for (const each of mpans)
    if (!mpan.safeParse(each).success) row.flaw('mpans', `"${each.slice(0, 40)}" is not the 13 digits of an MPAN`)
  if (mpans.length > mostMpans) row.flaw('mpans', `names more than ${mostMpans} MPANs`)
  const values = [
    given.line,
    [...new Set(mpans)].join(' '),
    row.optionalText('nodeId', 100),
    row.optionalText('name', 100),
    row.optionalText('customer', 200),
    row.optionalText('address', 500),
    row.optionalText('licenceArea', 20),
    row.numberWithin('ascKva', 1, 100_000, 'kVA'),
    row.numberWithin('exportKva', 0, 100_000, 'kVA'),
    row.numberWithin('powerFactor', 0.5, 1, 'of power factor'),
  ]
  flaws.add(...row.flaws)
  return row.flaws.length > 0 ? null : values
}

async function check(tx: Queryable, flaws: CsvFlaws): Promise<void> {
  const known = (await areaCodes(tx)).join(', ')
  await addFlaws(
    tx,
    flaws,
    sql`
    select line, 'mpans' as field, mpan || ' is already on line ' || first as message
    from (select line, mpan, min(line) over (partition by mpan) as first from given_mpan) m where line > first
    union all
    select m.line, 'mpans', 'belong to different connections: ' || string_agg(distinct c.name, ', ')
    from given_mpan m join connection_mpan held on held.mpan = m.mpan join connection c on c.connection_id = held.connection_id
    group by m.line having count(distinct c.connection_id) > 1
    union all
    select line, 'mpans', 'belong to the connection that line ' || first || ' is about'
    from (select line, min(line) over (partition by connection_id) as first from given_connection) g where line > first
    union all
    select g.line, 'nodeId', 'is not a node of the network: ' || g.node_id
    from given_connection g left join network_node n on n.node_id = g.node_id
    where g.node_id is not null and n.node_id is null
    union all
    select g.line, 'licenceArea', 'is not a known licence area: ' || g.licence_area || '; known are ' || ${known}
    from given_connection g left join licence_area a on a.code = g.licence_area
    where g.licence_area is not null and a.code is null
    union all
    select g.line, v.field, 'is needed for a new connection'
    from given_connection g cross join lateral (values ('nodeId', g.node_id), ('name', g.name), ('customer', g.customer),
      ('address', g.address), ('ascKva', g.asc_kva::text)) v(field, given)
    where g.is_new and v.given is null
    union all
    select g.line, v.field, coalesce('is ' || v.now, 'is not stated') || ' for ' || c.name || ': change it at the connection, or with others in a file of capacities, where a second person approves it'
    from given_connection g join connection c on c.connection_id = g.connection_id
      cross join lateral (values ('ascKva', c.asc_kva, g.asc_kva), ('exportKva', c.export_kva, g.export_kva),
        ('powerFactor', c.power_factor, g.power_factor)) v(field, now, given)
    where v.given is not null and v.given is distinct from v.now`,
  )
}

async function compare(tx: Queryable): Promise<Comparison> {
  const [created] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from given_connection where is_new`)
  const differing = await fieldChanges(
    tx,
    { line: sql`g.line`, subject: sql`c.name` },
    sql`given_connection g join connection c on c.connection_id = g.connection_id
      left join (
        select m.line, string_agg(m.mpan, ' ' order by m.mpan) as added from given_mpan m
        where not exists (select 1 from connection_mpan held where held.mpan = m.mpan) group by m.line
      ) mpans on mpans.line = g.line`,
    [
      ['mpans', sql`null`, sql`mpans.added`],
      ['nodeId', sql`c.node_id`, sql`g.node_id`],
      ['name', sql`c.name`, sql`g.name`],
      ['customer', sql`c.customer`, sql`g.customer`],
      ['address', sql`c.address`, sql`g.address`],
      ['licenceArea', sql`c.licence_area`, sql`g.licence_area`],
    ],
  )
  return { created: created?.n ?? 0, ...differing }
}

async function store(tx: Queryable): Promise<void> {
  await tx.execute(sql`
    insert into connection (connection_id, name, customer, address, licence_area, node_id, asc_kva, export_kva, power_factor)
    select g.connection_id, g.name, g.customer, g.address, coalesce(g.licence_area, n.licence_area), g.node_id, g.asc_kva, g.export_kva,
      coalesce(g.power_factor, ${usualPowerFactor})
    from given_connection g join network_node n on n.node_id = g.node_id where g.is_new`)
  await tx.execute(sql`
    update connection c set name = coalesce(g.name, c.name), customer = coalesce(g.customer, c.customer),
      address = coalesce(g.address, c.address), licence_area = coalesce(g.licence_area, c.licence_area),
      node_id = coalesce(g.node_id, c.node_id)
    from given_connection g where g.connection_id = c.connection_id and not g.is_new and row(
      coalesce(g.name, c.name), coalesce(g.customer, c.customer), coalesce(g.address, c.address),
      coalesce(g.licence_area, c.licence_area), coalesce(g.node_id, c.node_id)
    ) is distinct from row(c.name, c.customer, c.address, c.licence_area, c.node_id)`)
  await tx.execute(sql`
    insert into connection_mpan (mpan, connection_id)
    select m.mpan, g.connection_id from given_mpan m join given_connection g on g.line = m.line
    where not exists (select 1 from connection_mpan held where held.mpan = m.mpan)`)
}
