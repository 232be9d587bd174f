import type { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../../platform/db/index.ts'
import { plausibilitySettings } from '../../../../schemas/settings/metering.ts'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { noLoadWh } from '../../../../schemas/vocabulary/units.ts'
import { instructedPeriods } from '../../../dispatch/index.ts'
import { type FspActor, figuresAt, type ServerContext } from '../../../kit/index.ts'
import { unitEquipment } from '../../../market/index.ts'
import { meteredDaysFor, metersOf, minutesOf, settingsOf } from '../days/index.ts'
import type { UploadHead } from './intake.ts'
import { medianOf, type PowerSummary, reasonsToHold } from './rules.ts'

/**
 * Judges the staged periods of an upload by what the FU usually draws, what it was instructed, and what its equipment can carry. Marks
 * dropouts of registers; returns why a person has to look at the rest (FM13), in sentences.
 */
export async function judgeUpload(
  tx: Queryable,
  { context, actor, at }: { context: ServerContext; actor: FspActor; at: Instant },
  head: UploadHead,
  maxTurnDownW: number,
): Promise<string[]> {
  const figures = await figuresAt(tx, plausibilitySettings, at)
  const span = await spanOf(tx)
  const days = { first: tradingDayOf(span?.from ?? at), last: tradingDayOf(span?.to ?? at) }
  const equipment = await unitEquipment(tx, head.fuId, days)
  const meters = await metersOf(tx, [head.fuId])
  const meter = meters.find((row) => row.meterId === head.meterId)
  const today = tradingDayOf(at)
  const isOneOfSeveral = meters.some((row) => row !== meter && !row.untilDay?.isBefore(today))
  const ofDer = meter?.derId ? equipment.ratedWByDer.get(meter.derId) : undefined
  // The FU's own energy is that of all its meters: one of several is compared with itself.
  const values = isOneOfSeveral ? await powersOfMeter(tx, head, at) : await powersOfUnit(tx, actor, head.fuId, today)
  const { usualW, hasExported } = usualOf(values)
  const canExport = hasExported || equipment.canExport
  // The site of a whole-site FU may have generation that is no DER.
  if (!canExport && !equipment.isWholeSite) await markDropouts(tx, figures.dropoutMinutes)
  const powers = await powersOf(tx, head)
  const known = { maxTurnDownW, usualW, canExport, equipmentW: ofDer ?? equipment.equipmentW }
  return reasonsToHold(powers, known, { ...settingsOf(context), ...figures })
}

/** Days of history that say what is usual. */
const usualDays = 14

/** The usual power of some history, W by quarter-hour; needs at least a day's worth of values. */
function usualOf(history: readonly number[]) {
  const powers = history.filter((watts) => watts !== 0).map(Math.abs)
  return { usualW: powers.length < 96 ? null : medianOf(powers), hasExported: history.some((watts) => watts < 0) }
}

async function powersOfUnit(tx: Queryable, actor: FspActor, fuId: string, today: LocalDate): Promise<number[]> {
  const days = (await meteredDaysFor(tx, actor, [fuId], today.minusDays(usualDays), today)).get(fuId) ?? new Map()
  const energies = [...days.values()].flatMap((day) => day.energyWh as (number | null)[])
  return energies.filter((wh) => wh !== null).map((wh) => wh * 4)
}

/** A meter's own mean powers, W: the last revision of each reading counts, and longer ones stand for their quarter-hours. */
async function powersOfMeter(tx: Queryable, { fuId, meterId }: UploadHead, at: Instant): Promise<number[]> {
  const rows = await tx.execute<{ watts: number }>(sql`
    select sum(energy_wh) * 60 / greatest(15, max(minutes)) as watts from (
      select distinct on (period_start, minutes) period_start, minutes, energy_wh from meter_reading
      where fu_id = ${fuId}::uuid and meter_id = ${meterId} and source = 'upload'
        and period_start >= ${at.minusSeconds(usualDays * 86_400).toString()}::timestamptz
      order by period_start, minutes, revision desc
    ) r
    where energy_wh is not null
    group by floor(extract(epoch from period_start) / 900)`)
  return rows.map(({ watts }) => Number(watts))
}

/**
 * A register that falls and returns shows as a negative energy and, soon after, one at least as large: neither is energy, nor is what lies
 * between. Those periods lose their value.
 */
async function markDropouts(tx: Queryable, dropoutMinutes: number): Promise<void> {
  const [negative] = await tx.execute(sql`select from given_period where energy_wh < ${-noLoadWh}::float8 limit 1`)
  if (!negative) return
  // Without it a long upload would be compared with itself, row by row.
  await tx.execute(sql`create index on given_period (period_start)`)
  await tx.execute(sql`
    update given_period g set energy_wh = null, quality = 'dropout'
    from (
      select f.period_start as fell, min(r.period_start) as returned
      from given_period f join given_period r on r.period_start > f.period_start
        and r.period_start <= f.period_start + make_interval(mins => ${dropoutMinutes}::int) and r.energy_wh >= -f.energy_wh
      where f.energy_wh < ${-noLoadWh}::float8
      group by f.period_start
    ) dropout
    where g.period_start between dropout.fell and dropout.returned`)
}

/** Summarises the powers of the staged periods, ignoring missing values and 0; `null` if nothing remains. */
async function powersOf(tx: Queryable, head: UploadHead): Promise<PowerSummary | null> {
  const minutes = minutesOf[head.resolution]
  const bin = Math.max(minutes, 15)
  const instructed = JSON.stringify(await instructedBins(tx, head, bin))
  const [row] = await tx.execute<{
    largest: number | null
    metered: number | null
    usual: number | null
    negative: boolean | null
  }>(sql`
    select max(abs(w)) as largest, percentile_disc(0.5) within group (order by abs(w)) as metered,
      percentile_disc(0.5) within group (order by case when instructed < 0 then abs(w + instructed) else abs(w) + instructed end) as usual, bool_and(w < 0) as negative
    from (
      select g.energy_wh * 60 / ${minutes}::float8 as w, coalesce(i.w, 0) as instructed
      from given_period g left join jsonb_to_recordset(${instructed}::text::jsonb) as i(at timestamptz, w float8)
        on i.at = date_bin(make_interval(mins => ${bin}::int), g.period_start, timestamptz 'epoch')
      where g.energy_wh <> 0
    ) powers`)
  if (!row || row.largest === null || row.metered === null || row.usual === null) return null
  return { largestW: row.largest, meteredW: row.metered, usualW: row.usual, isAllExport: row.negative === true }
}

/** The first and the last staged period of an upload; `null` without any. */
async function spanOf(tx: Queryable): Promise<{ from: Instant; to: Instant } | null> {
  const [span] = await tx.execute<{ first: string | null; last: string | null }>(sql`
    select min(period_start)::text as first, max(period_start)::text as last from given_period`)
  return span?.first && span.last ? { from: toInstant(span.first), to: toInstant(span.last) } : null
}

/** The largest turn-down, or negative the largest turn-up, instructed in each span of `bin` minutes of an upload, W, whether or not the FSP's answer is known. */
async function instructedBins(tx: Queryable, { fuId }: UploadHead, bin: number): Promise<{ at: string; w: number }[]> {
  const span = await spanOf(tx)
  if (!span) return []
  const [from, to] = [span.from.minusSeconds(86_400), span.to.plusSeconds(1_800)]
  const found = new Map<number, number>()
  for (const { fromAt, turnDownW, state } of await instructedPeriods(tx, { fuIds: [fuId], from, to })) {
    if (state === 'refused' || state === 'planned' || turnDownW === 0) continue
    const at = Math.floor(fromAt.toEpochMilli() / (bin * 60_000)) * bin * 60_000
    if (Math.abs(turnDownW) > Math.abs(found.get(at) ?? 0)) found.set(at, turnDownW)
  }
  return [...found].map(([at, w]) => ({ at: new Date(at).toISOString(), w }))
}
