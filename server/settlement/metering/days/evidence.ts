import { LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { writeCsv } from '../../../../platform/csv/index.ts'
import { toInstant } from '../../../../platform/db/index.ts'
import { refuse } from '../../../../platform/http/index.ts'
import type { meteringOperations, UnitMeter } from '../../../../schemas/settlement/metering.ts'
import { brokenField } from '../../../../schemas/vocabulary/outcome.ts'
import { dayEnd, dayStart } from '../../../../schemas/vocabulary/time.ts'
import type { Verb } from '../../../kit/index.ts'
import { type FuMeterRow, metersOf } from './meters.ts'
import { requireUnit, sightOf } from './units.ts'

/** A month of one-minute readings of ten meters is 450,000 rows, which a spreadsheet still opens. */
const longestSpanDays = 31

interface EvidenceRow extends Record<string, unknown> {
  day: string
  at: string
  minutes: number
  meter_id: string
  der_id: string | null
  source: string
  revision: number
  energy_wh: number | null
  quality: string
  received_at: string
}

/** F5: every reading behind an FU's metered energy, meter by meter with all revisions, as CSV: the evidence in a dispute. */
export const readMeterEvidence: Verb<typeof meteringOperations.readMeterEvidence> = async ({
  db,
  actor,
  params,
  query,
}) => {
  await requireUnit(db, actor, params.id)
  const [first, last] = [LocalDate.parse(query.from), LocalDate.parse(query.to)]
  if (last.isBefore(first) || last.toEpochDay() - first.toEpochDay() >= longestSpanDays)
    refuse(brokenField('to', `must lie from 0 to ${longestSpanDays - 1} days after from`))
  const rows = await db.execute<EvidenceRow>(sql`
    with meter as materialized (select meter_id, der_id from fu_meter where fu_id = ${params.id}::uuid)
    select (r.period_start at time zone 'Europe/London')::date::text as day, r.period_start::text as at, r.minutes, r.meter_id, m.der_id,
      r.source, r.revision, r.energy_wh, r.quality, r.received_at::text
    from meter_reading r left join meter m on m.meter_id = r.meter_id
    where r.fu_id = ${params.id}::uuid and r.period_start >= ${dayStart(first).toString()}::timestamptz
      and r.period_start < ${dayEnd(last).toString()}::timestamptz
    order by r.period_start, r.source, r.meter_id, r.minutes, r.revision`)
  const sees = await sightOf(db, actor, [params.id])
  const seen = rows.filter((row) => sees(params.id, LocalDate.parse(row.day)))
  const headings = ['at', 'minutes', 'meter_id', 'der_id', 'source', 'revision', 'energy_wh', 'quality', 'received_at']
  const cells = seen.map((row) => [
    toInstant(row.at).toString(),
    ...[row.minutes, row.meter_id, row.der_id, row.source, row.revision, row.energy_wh, row.quality],
    toInstant(row.received_at).toString(),
  ])
  return { content: writeCsv(headings, cells), name: `meter-readings-${query.from}-${query.to}.csv` }
}

/** A meter of an FU as the API shows it. */
export function viewMeter({ fuId, meterId, derId, fromDay, untilDay }: FuMeterRow): UnitMeter {
  return { fuId, meterId, derId, from: fromDay.toString(), until: untilDay?.toString() ?? null }
}

/** The meters that an FU's energy is the sum of, with their days. */
export const listUnitMeters: Verb<typeof meteringOperations.listUnitMeters> = async ({ db, actor, params }) => {
  await requireUnit(db, actor, params.id)
  return { items: (await metersOf(db, [params.id])).map(viewMeter) }
}
