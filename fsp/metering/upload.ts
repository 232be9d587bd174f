import type { Instant } from '@js-joda/core'
import { and, lte, sql } from 'drizzle-orm'
import { type MeterReadings, meteringOperations } from '../../schemas/settlement/metering.ts'
import { quarterMs } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from '../flexibility/dno.ts'
import { meteredQuarter } from './tables.ts'

/** Periods that are taken up in one round: a month of history of nine depots fits into one. */
const uploadSize = 30_000

/** A DNO takes in a few uploads of one sender at a time, and refuses those beyond (429). */
const uploadsAtOnce = 4

type Row = typeof meteredQuarter.$inferSelect

/** Sends the DNO what it has not taken yet, FU by FU and revision by revision; what fails stays and is sent again. */
export async function uploadReadings(
  context: MarketContext,
  dno: DnoApi,
  fuIds: ReadonlyMap<string, string>,
  now: Instant,
): Promise<void> {
  const pending = await context.db
    .select()
    .from(meteredQuarter)
    .where(
      and(
        sql`${meteredQuarter.uploadedRevision} is distinct from ${meteredQuarter.revision}`,
        lte(meteredQuarter.periodStart, now.minusMillis(quarterMs)),
      ),
    )
    .orderBy(meteredQuarter.depotId, meteredQuarter.periodStart)
    .limit(uploadSize)
  const queue = [...Map.groupBy(pending, (row) => row.depotId)]
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [depotId, own] = next
      const fuId = fuIds.get(depotId)
      if (!fuId) continue
      for (const [revision, rows] of Map.groupBy(own, (row) => row.revision))
        await send(context, dno, { depotId, fuId, revision, rows })
    }
  }
  await Promise.all(Array.from({ length: uploadsAtOnce }, worker))
}

async function send(
  context: MarketContext,
  dno: DnoApi,
  given: { depotId: string; fuId: string; revision: number; rows: Row[] },
): Promise<void> {
  const { depotId, fuId, revision, rows } = given
  const body: MeterReadings = {
    fuId,
    meterId: `${depotId}-charge-points`,
    resolution: 'PT15M',
    stamp: 'period-start',
    revision,
    readings: rows.map((row) => ({ at: row.periodStart.toString(), energyWh: row.energyWh, quality: row.quality })),
  }
  const outcome = await dno.call(meteringOperations.uploadReadings, { body })
  if (!outcome.ok) {
    context.log.warn(
      { depotId, periods: rows.length, reason: reasonOf(outcome.failure) },
      'meter readings were not taken',
    )
    // The DNO holds another value under this revision: ours is a correction of it.
    if (outcome.failure.status === 409) await raise(context, depotId, rows)
    return
  }
  await mark(context, depotId, rows, sql`${meteredQuarter.revision}`)
}

async function mark(context: MarketContext, depotId: string, rows: Row[], uploadedRevision: ReturnType<typeof sql>) {
  await context.db.update(meteredQuarter).set({ uploadedRevision }).where(sameRows(depotId, rows))
}

async function raise(context: MarketContext, depotId: string, rows: Row[]) {
  await context.db
    .update(meteredQuarter)
    .set({ revision: sql`${meteredQuarter.revision} + 1` })
    .where(sameRows(depotId, rows))
}

/** The rows as they were read: one that was corrected meanwhile has another revision and stays pending. */
function sameRows(depotId: string, rows: Row[]) {
  const starts = sql.join(
    rows.map((row) => sql`${row.periodStart.toString()}::timestamptz`),
    sql`, `,
  )
  return sql`${meteredQuarter.depotId} = ${depotId} and ${meteredQuarter.revision} = ${rows[0]?.revision ?? 0}
    and ${meteredQuarter.periodStart} in (${starts})`
}
