import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { MeterReceipt } from '../../../../schemas/settlement/metering.ts'
import { dayStart, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import type { AuditRecord } from '../../../kit/index.ts'
import { joinMeter, lockMeter, minutesOf, readSpan, refreshMeteredDays } from '../days/index.ts'
import type { Upload, UploadHead } from './intake.ts'

/** Records an audit entry, which is written in the transaction of the change. */
export type Audit = (record: AuditRecord) => void

/** The result of an upload, and the start of its first new period. */
export interface Stored {
  receipt: MeterReceipt
  first: Instant | null
}

/** Stores the staged periods as readings and rebuilds the days that they change. */
export async function storePeriods(
  tx: Queryable,
  { at: receivedAt, audit, by }: { at: Instant; audit: Audit; by: string },
  head: UploadHead,
  fieldOf: Upload['fieldOf'],
): Promise<Stored> {
  const { fuId, meterId, revision, resolution } = head
  const minutes = minutesOf[resolution]
  await readKnown(tx, head)
  await refuseReusedRevision(tx, head, fieldOf)
  await refuseAfterEnd(tx, head, fieldOf)
  const [row] = await tx.execute<{
    stored: number
    superseded: number
    given: number
    dropouts: number
    first: string | null
    last: string | null
  }>(sql`
    with fresh as (
      select g.*, (select max(k.revision) from known_reading k where k.period_start = g.period_start) as highest
      from given_period g where ${isNew(revision)}
    )
    select count(*)::int as stored, (count(*) filter (where highest < ${revision}::int))::int as superseded,
      (select count(*)::int from given_period) as given,
      (select count(*)::int from given_period where quality = 'dropout') as dropouts, min(period_start)::text as first, max(period_start)::text as last from fresh`)
  if (!row) throw new Error('the count returned no row')
  await tx.execute(sql`
    insert into meter_reading (fu_id, period_start, minutes, source, revision, energy_wh, quality, meter_id, received_at)
    select ${fuId}::uuid, period_start, ${minutes}::int, 'upload', ${revision}::int, energy_wh, quality, ${meterId},
      ${receivedAt.toString()}::timestamptz from given_period g where ${isNew(revision)}`)
  const instantOf = (text: string) => Instant.ofEpochMilli(Date.parse(text))
  const first = row.first === null ? null : instantOf(row.first)
  if (first && row.last !== null) {
    const day = tradingDayOf(first)
    const joined = await joinMeter(tx, { fuId, meterId, first: day, at: receivedAt, by })
    // A meter that joins changes the sum of every day from then on.
    const end = joined ? ((await readSpan(tx, fuId))?.last ?? instantOf(row.last)) : instantOf(row.last)
    await refreshMeteredDays(tx, [fuId], day, tradingDayOf(end))
  }
  const counts = {
    stored: row.stored,
    unchanged: row.given - row.stored,
    superseded: row.superseded,
    dropouts: row.dropouts,
  }
  if (row.superseded > 0)
    audit({
      action: 'meter.corrected',
      subject: { type: 'fu', id: fuId },
      detail: { ...counts, meterId, revision },
    })
  return { receipt: { fuId, ...counts, holdId: null }, first }
}

/**
 * Puts what is stored of the periods of an upload beside them: the readings may be on another node than the temporary tables, and are then read
 * once.
 */
async function readKnown(tx: Queryable, { fuId, meterId, resolution }: UploadHead): Promise<void> {
  await tx.execute(sql`
    create temp table known_reading (period_start timestamptz, revision int, energy_wh float8) on commit drop`)
  const [span] = await tx.execute<{ first: string | null; last: string | null }>(sql`
    select min(period_start)::text as first, max(period_start)::text as last from given_period`)
  if (!span?.first || !span.last) return
  await tx.execute(sql`
    insert into known_reading select period_start, revision, energy_wh from meter_reading
    where fu_id = ${fuId}::uuid and period_start between ${span.first}::timestamptz and ${span.last}::timestamptz
      and minutes = ${minutesOf[resolution]}::int and source = 'upload' and meter_id = ${meterId}`)
  await tx.execute(sql`create index on known_reading (period_start, revision)`)
  await tx.execute(sql`analyze known_reading`)
}

/** Whether a staged period `g` is not stored in a revision yet. */
const isNew = (revision: number) =>
  sql`not exists (select from known_reading k where k.period_start = g.period_start and k.revision = ${revision}::int)`

/** Refuses a revision that exists with another value. */
async function refuseReusedRevision(
  tx: Queryable,
  { revision }: UploadHead,
  fieldOf: Upload['fieldOf'],
): Promise<void> {
  const [other] = await tx.execute<{ place: number; at: string; was: number | null; is: number | null }>(sql`
    select g.place, g.period_start::text as at, r.energy_wh as was, g.energy_wh as is
    from given_period g join known_reading r on r.period_start = g.period_start and r.revision = ${revision}::int
    where r.energy_wh is distinct from g.energy_wh order by g.place limit 1`)
  if (!other) return
  const at = Instant.ofEpochMilli(Date.parse(other.at))
  const message = `revision ${revision} of ${at} was ${other.was} Wh before and is ${other.is} Wh now: send corrections with a higher revision`
  const field = fieldOf(other.place)
  throw new ProblemError('conflict', `${field}: ${message}.`, { errors: [{ field, message }] })
}

/** Refuses periods of days on which the meter no longer belongs to the FU. */
async function refuseAfterEnd(tx: Queryable, { fuId, meterId }: UploadHead, fieldOf: Upload['fieldOf']): Promise<void> {
  const until = (await lockMeter(tx, fuId, meterId))?.untilDay
  if (!until) return
  const [late] = await tx.execute<{ place: number }>(sql`
    select place from given_period where period_start >= ${dayStart(until).toString()}::timestamptz order by place limit 1`)
  if (!late) return
  const message = `the meter ${meterId} does not belong to this FU from ${until} on`
  const field = fieldOf(late.place, 'at')
  throw new ProblemError('conflict', `${field}: ${message}.`, { errors: [{ field, message }] })
}
