import type { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type CsvFile, type CsvFlaws, type CsvRow, RowReader } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { derKind, type partyOperations } from '../../../schemas/market/parties.ts'
import { importColumns } from '../../../schemas/vocabulary/file-import.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { mpan, tradingDay, uuid } from '../../../schemas/vocabulary/units.ts'
import {
  addFlaws,
  type Comparison,
  type FilePlan,
  fieldChanges,
  importFile,
  stageRows,
  type Verb,
} from '../../kit/index.ts'
import { derFlaws, joinings } from './import-der-flaws.ts'
import { holdMemberships, join, joiningFlaws } from './memberships.ts'

/** The most rows of one file: more homes than any FSP has signed up in Great Britain. */
const maxRows = 200_000

/**
 * FA02 for thousands of homes: an FSP registers DERs, changes them and lets them join FUs, all of a file or, with a single flaw, nothing.
 * Rows are checked and stored in the database, none on its own.
 */
export const importDers: Verb<typeof partyOperations.importDers> = async (call) => {
  const { fspId } = call.actor
  const today = tradingDayOf(call.at)
  const plan: FilePlan = {
    maxRows,
    columns: importColumns.ders,
    required: ['name', 'mpan'],
    stage: (tx, file) => stage(tx, file, fspId, today),
    async check(tx, flaws) {
      await addFlaws(tx, flaws, derFlaws(fspId, today))
      await addFlaws(tx, flaws, joiningFlaws(joinings, staged, fspId, today))
    },
    compare,
    async store(tx, found) {
      await store(tx, fspId)
      const { created, changed, changes } = found
      call.audit({
        action: 'ders.imported',
        subject: { type: 'fsp', id: fspId },
        detail: { created, changed, changes },
      })
    },
  }
  const outcome = await importFile(call, plan)
  if (outcome.state === 'imported') call.announce('market')
  return outcome
}

const staged = sql`select der_id, connection_id from given_der`

/**
 * Rows of the file, each with its DER: the present one, or a new one. `fu_id` stays where the DER has to join an FU, `ends_on` where its
 * membership in that FU gets another end.
 */
async function stage(tx: Queryable, file: CsvFile, fspId: string, today: LocalDate): Promise<void> {
  await tx.execute(sql`
    create temp table given_der (line int not null, name text not null, kind text, mpan text not null, rated_w float8,
      consent_reference text, consent_from date, consent_until date, fu_id uuid, valid_from date, valid_until date,
      der_id uuid, connection_id uuid, is_new boolean not null default false, was_in uuid, was_from date, ends_on date) on commit drop`)
  const columns =
    'line, name, kind, mpan, rated_w, consent_reference, consent_from, consent_until, fu_id, valid_from, valid_until'
  await stageRows(tx, file, `given_der (${columns})`, (row) => valuesOf(row, file.flaws))
  await tx.execute(sql`analyze given_der`)
  await holdMemberships(tx, fspId)
  await tx.execute(sql`
    update given_der g set der_id = d.der_id, connection_id = d.connection_id from der d
    where d.fsp_id = ${fspId}::uuid and d.mpan = g.mpan and d.name = g.name`)
  await tx.execute(sql`
    update given_der g set der_id = gen_random_uuid(), is_new = true, connection_id = (
      select c.connection_id from connection_mpan c where c.mpan = g.mpan
    ) where der_id is null`)
  await tx.execute(sql`create index on given_der (der_id)`)
  await tx.execute(sql`analyze given_der`)
  // The membership that the row speaks of: the one in its FU on its day or, without a day, now or later.
  await tx.execute(sql`
    update given_der g set was_in = m.fu_id, was_from = m.valid_from,
      ends_on = case when g.valid_until is distinct from m.valid_until then g.valid_until end
    from (
      select distinct on (n.line) n.line, m.fu_id, m.valid_from, m.valid_until
      from given_der n join flexible_unit_der m on m.der_id = n.der_id and m.fu_id = n.fu_id
        and daterange(m.valid_from, m.valid_until) && daterange(coalesce(n.valid_from, ${today.toString()}::date), n.valid_from, '[]')
      order by n.line, m.valid_from
    ) m
    where m.line = g.line`)
  await tx.execute(sql`
    update given_der g set valid_from = ${today.toString()}::date + case when u.first_member_on is null then 0 else 1 end
    from flexible_unit u where u.fu_id = g.fu_id and g.was_in is null and g.valid_from is null`)
}

const dayIn = 'a day such as 2026-01-15'

function valuesOf(given: CsvRow, flaws: CsvFlaws) {
  const row = new RowReader(given)
  const values = [
    given.line,
    row.text('name', 200),
    row.optionalOf('kind', derKind.options),
    row.text('mpan', 40) === '' ? '' : row.parsed('mpan', mpan, 'the 13 digits of an MPAN'),
    row.numberWithin('ratedW', 1, 1e9, 'W'),
    row.optionalText('consentReference', 200),
    row.parsed('consentFrom', tradingDay, dayIn),
    row.parsed('consentUntil', tradingDay, dayIn),
    row.parsed('fuId', uuid, 'the number of an FU'),
    row.parsed('from', tradingDay, dayIn),
    row.parsed('until', tradingDay, dayIn),
  ]
  for (const field of ['from', 'until'])
    if (row.optional(field) !== null && row.optional('fuId') === null) row.flaw(field, 'needs an FU in fuId')
  flaws.add(...row.flaws)
  return row.flaws.length > 0 ? null : values
}

async function compare(tx: Queryable): Promise<Comparison> {
  const [made] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from given_der where is_new`)
  const differing = await fieldChanges(
    tx,
    { line: sql`g.line`, subject: sql`d.name` },
    sql`given_der g join der d on d.der_id = g.der_id
      left join flexible_unit_der m on m.der_id = g.der_id
        and m.valid_from = coalesce(g.was_from, (select max(p.valid_from) from flexible_unit_der p where p.der_id = g.der_id))`,
    [
      ['kind', sql`d.kind`, sql`g.kind`],
      ['ratedW', sql`d.rated_w`, sql`g.rated_w`],
      ['consentReference', sql`d.consent_reference`, sql`g.consent_reference`],
      ['consentFrom', sql`d.consent_from`, sql`g.consent_from`],
      ['consentUntil', sql`d.consent_until`, sql`g.consent_until`],
      ['fuId', sql`case when g.was_in is null then m.fu_id else g.fu_id end`, sql`g.fu_id`],
      ['from', sql`m.valid_from`, sql`case when g.was_in is null and g.fu_id is not null then g.valid_from end`],
      ['until', sql`m.valid_until`, sql`coalesce(g.ends_on, case when g.was_in is null then g.valid_until end)`],
    ],
  )
  return { created: made?.n ?? 0, ...differing }
}

async function store(tx: Queryable, fspId: string): Promise<void> {
  await tx.execute(sql`
    insert into der (der_id, fsp_id, name, kind, mpan, connection_id, rated_w, consent_reference, consent_from, consent_until)
    select der_id, ${fspId}::uuid, name, kind, mpan, connection_id, rated_w, consent_reference, consent_from, consent_until
    from given_der where is_new`)
  await tx.execute(sql`
    update der d set kind = coalesce(g.kind, d.kind), rated_w = coalesce(g.rated_w, d.rated_w),
      consent_reference = coalesce(g.consent_reference, d.consent_reference),
      consent_from = coalesce(g.consent_from, d.consent_from), consent_until = coalesce(g.consent_until, d.consent_until)
    from given_der g where g.der_id = d.der_id and not g.is_new and row(
      coalesce(g.kind, d.kind), coalesce(g.rated_w, d.rated_w), coalesce(g.consent_reference, d.consent_reference),
      coalesce(g.consent_from, d.consent_from), coalesce(g.consent_until, d.consent_until)
    ) is distinct from row(d.kind, d.rated_w, d.consent_reference, d.consent_from, d.consent_until)`)
  await tx.execute(sql`
    update flexible_unit_der m set valid_until = g.ends_on from given_der g
    where g.ends_on is not null and m.der_id = g.der_id and m.valid_from = g.was_from`)
  await join(tx, joinings)
}
