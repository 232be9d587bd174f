import { sql } from 'drizzle-orm'
import { type CsvFile, type CsvFlaws, type CsvRow, RowReader } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { authorityGiver, type authorityOperations } from '../../../schemas/market/authorities.ts'
import { importColumns } from '../../../schemas/vocabulary/file-import.ts'
import { mpan, tradingDay } from '../../../schemas/vocabulary/units.ts'
import { addFlaws, type FilePlan, importFile, nameOf, stageRows, type Verb } from '../../kit/index.ts'
import { mostPending, pendingOf, roomFault } from './pending.ts'

const givers = authorityGiver.exclude(['before-authorities']).options

/**
 * SEC03 for thousands of homes: an FSP applies for the MPANs of a file. As for a few, nothing is looked up in the network. The file is one
 * application, which the DNO can decide on as a whole.
 */
export const importAuthorities: Verb<typeof authorityOperations.importAuthorities> = async (call) => {
  const { fspId } = call.actor
  const plan: FilePlan = {
    maxRows: mostPending,
    columns: importColumns.authorities,
    required: ['mpan', 'from', 'givenBy', 'reference'],
    stage: (tx, file) => stage(tx, file, fspId),
    check: (tx, flaws) => check(tx, flaws, fspId),
    async compare(tx) {
      const [made] = await tx.execute<{ n: number }>(
        sql`select count(*)::int as n from given_authority where not is_known`,
      )
      return { created: made?.n ?? 0, changed: 0, changes: [], changeCount: 0 }
    },
    async store(tx, { created }) {
      const [made] = await tx.execute<{ n: number }>(sql`
        with made as (insert into mpan_authority (authority_id, application_id, fsp_id, mpan, status, valid_from, valid_until, given_by, reference,
          applied_at, applied_by)
        select gen_random_uuid(), ${call.id}::uuid, ${fspId}::uuid, mpan, 'applied', valid_from, valid_until, given_by, reference,
          ${call.at.toString()}::timestamptz, ${nameOf(call.actor)} from given_authority where not is_known
        on conflict (fsp_id, mpan) where status = 'applied' do nothing returning 1)
        select count(*)::int as n from made`)
      if ((made?.n ?? 0) < created)
        throw new ProblemError(
          'contract-broken',
          'Another request has applied for some of these MPANs in the meantime: nothing is stored, so send the file again.',
        )
      const subject = { type: 'authority-application', id: call.id }
      call.audit({ action: 'authorities.applied', subject, detail: { fspId, mpans: created } })
    },
  }
  const outcome = await importFile(call, plan)
  if (outcome.state === 'imported') call.announce('market')
  return outcome
}

async function stage(tx: Queryable, file: CsvFile, fspId: string): Promise<void> {
  await tx.execute(sql`
    create temp table given_authority (line int not null, mpan text not null, valid_from date not null, valid_until date,
      given_by text not null, reference text not null, is_known boolean not null default false) on commit drop`)
  const columns = 'line, mpan, valid_from, valid_until, given_by, reference'
  await stageRows(tx, file, `given_authority (${columns})`, (row) => valuesOf(row, file.flaws))
  await tx.execute(sql`analyze given_authority`)
  await tx.execute(sql`
    update given_authority g set is_known = true from mpan_authority a
    where a.mpan = g.mpan and a.fsp_id = ${fspId}::uuid and (
      (a.status = 'applied' and a.valid_from = g.valid_from and a.valid_until is not distinct from g.valid_until)
      or (a.status = 'approved' and daterange(a.valid_from, a.valid_until) @> daterange(g.valid_from, g.valid_until)))`)
}

function valuesOf(given: CsvRow, flaws: CsvFlaws) {
  const row = new RowReader(given)
  const day = (field: string) => row.parsed(field, tradingDay, 'a day such as 2026-01-15')
  const reference = row.text('reference', 500)
  if (reference !== '' && reference.length < 3) row.flaw('reference', 'is shorter than 3 characters')
  for (const field of ['mpan', 'from']) row.text(field, 40)
  const values = [
    given.line,
    row.parsed('mpan', mpan, 'the 13 digits of an MPAN'),
    day('from'),
    day('until'),
    row.oneOf('givenBy', row.text('givenBy', 40), givers),
    reference,
  ]
  flaws.add(...row.flaws)
  return row.flaws.length > 0 ? null : values
}

async function check(tx: Queryable, flaws: CsvFlaws, fspId: string): Promise<void> {
  const [made] = await tx.execute<{ n: number }>(sql`select count(*)::int as n from given_authority where not is_known`)
  if ((await pendingOf(tx, fspId)) + (made?.n ?? 0) > mostPending) flaws.add({ line: 1, field: '', message: roomFault })
  await addFlaws(
    tx,
    flaws,
    sql`
    select line, 'mpan' as field, mpan || ' is already on line ' || first as message
    from (select line, mpan, min(line) over (partition by mpan) as first from given_authority) g where line > first
    union all
    select line, 'until', 'must be after from, ' || valid_from from given_authority where valid_until <= valid_from
    union all
    select g.line, 'mpan', 'is in an application of yours for other days that is undecided: wait for the decision on it'
    from given_authority g join mpan_authority a on a.mpan = g.mpan and a.fsp_id = ${fspId}::uuid and a.status = 'applied'
    where not g.is_known`,
  )
}
