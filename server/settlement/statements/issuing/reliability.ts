import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../../platform/db/index.ts'
import { reliabilitySettings } from '../../../../schemas/settings/reliability.ts'
import type { reliabilityOperations } from '../../../../schemas/settlement/reliability.ts'
import { settingAt, type Verb } from '../../../kit/index.ts'
import { saveReliabilities } from '../../../planning/index.ts'
import { requireUnit } from '../../metering/days/index.ts'
import { deliveredWhOf, instructedWhOf, reliabilityOf, type SettledEvent } from './reliability-rules.ts'

interface SettledLine extends SettledEvent {
  fuId: string
  fromAt: Instant
  statementNumber: string
}

/**
 * The latest settled quarter-hours with an instruction, of each FU the latest first: of several statements for one, the last issued
 * counts. What had no data, or was out of service, says nothing of delivery.
 */
async function settledEvents(tx: Queryable, fuIds: readonly string[], most: number): Promise<SettledLine[]> {
  const rows = await tx.execute<{ fu_id: string; from_at: string; number: string; w: number; ratio: number }>(sql`
    select fu_id, from_at::text, number, instructed_w as w, delivery_ratio as ratio from (
      select settled.*, row_number() over (partition by fu_id order by from_at desc, contract_id) as place from (
        select distinct on (l.fu_id, l.contract_id, l.from_at) l.fu_id, l.contract_id, l.from_at, l.instructed_w, l.delivery_ratio, s.number
        from statement_line l join statement s on s.statement_id = l.statement_id and s.state = 'issued'
        where l.fu_id = any(${sql.param(fuIds)}::uuid[])
        order by l.fu_id, l.contract_id, l.from_at, s.delta desc
      ) settled where instructed_w > 0 and delivery_ratio is not null
    ) ranked where place <= ${most}::int order by fu_id, place`)
  return rows.map((row) => ({
    fuId: row.fu_id,
    fromAt: toInstant(row.from_at),
    statementNumber: row.number,
    instructedW: row.w,
    deliveryRatio: row.ratio,
  }))
}

/** Refreshes the reliability of the FUs of a statement that has been issued. Dispatch reads it. */
export async function refreshReliability(tx: Queryable, at: Instant, statementId: string): Promise<void> {
  const units = await tx.execute<{ fu_id: string }>(
    sql`select distinct fu_id from statement_line where statement_id = ${statementId}::uuid`,
  )
  const { values, version } = await settingAt(tx, reliabilitySettings, at)
  const events = await settledEvents(
    tx,
    units.map((unit) => unit.fu_id),
    values.mostPeriods,
  )
  const rows = [...Map.groupBy(events, (event) => event.fuId)].flatMap(([fuId, own]) => {
    const { ratio, ...energies } = reliabilityOf(own)
    const [last, first] = [own[0], own.at(-1)]
    if (ratio === null || !first || !last) return []
    const span = { fromAt: first.fromAt, lastAt: last.fromAt }
    return [{ fuId, periods: own.length, ...energies, ratio, ...span, settingVersion: version, updatedAt: at }]
  })
  await saveReliabilities(tx, rows)
}

/** D12: an FU's reliability with the figures behind it. */
export const readUnitReliability: Verb<typeof reliabilityOperations.readUnitReliability> = async (call) => {
  const { db, at, actor, params } = call
  await requireUnit(db, actor, params.id)
  const { values } = await settingAt(db, reliabilitySettings, at)
  const events = await settledEvents(db, [params.id], values.mostPeriods)
  const periods = events.map((event) => ({
    from: event.fromAt.toString(),
    statementNumber: event.statementNumber,
    instructedWh: instructedWhOf(event).toNumber(),
    deliveredWh: deliveredWhOf(event).toDecimalPlaces(3).toNumber(),
  }))
  return { fuId: params.id, ...reliabilityOf(events), periods }
}
