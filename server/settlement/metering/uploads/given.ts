import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { copyInto, type Queryable } from '../../../../platform/db/index.ts'
import { settlementZone } from '../../../../schemas/vocabulary/time.ts'
import { minutesOf } from '../days/index.ts'
import type { UploadHead } from './intake.ts'
import { type GivenReading, type Intake, maxFaults } from './intake.ts'

/** Stages the readings of an upload in a temporary table as they arrive, for the length of the transaction. */
export async function stageReadings(
  tx: Queryable,
  readings: AsyncIterable<GivenReading>,
  intake: Intake,
): Promise<void> {
  await makeGiven(tx)
  await copyInto(tx, 'given_reading (place, at, value, is_power, quality)', lines())

  async function* lines(): AsyncGenerator<string> {
    for await (const { place, at, energyWh, powerW, quality } of readings) {
      if (intake.isFull) return
      const isPower = energyWh === undefined
      if (!intake.isRefused) yield `${place}\t${at}\t${(isPower ? powerW : energyWh) ?? '\\N'}\t${isPower}\t${quality}`
    }
  }
}

async function makeGiven(tx: Queryable): Promise<void> {
  await tx.execute(sql`
    create temp table given_reading (place int, at timestamptz, value float8, is_power bool, quality text) on commit drop`)
}

/** Stages the readings of a held upload. */
export async function stageHeld(tx: Queryable, holdId: string): Promise<void> {
  await makeGiven(tx)
  await tx.execute(sql`
    insert into given_reading
    select n - 1, (e ->> 'at')::timestamptz, coalesce(e ->> 'energyWh', e ->> 'powerW')::float8, e ? 'powerW', e ->> 'quality'
    from held_upload h, jsonb_array_elements(h.upload -> 'readings') with ordinality t(e, n)
    where h.hold_id = ${holdId}::uuid`)
}

/** Turns the staged readings into periods with a start and an energy. Mean power becomes energy. */
export async function makePeriods(tx: Queryable, { resolution, stamp }: UploadHead): Promise<void> {
  const minutes = minutesOf[resolution]
  await tx.execute(sql`
    create temp table given_period on commit drop as
    select place, at, at - make_interval(mins => ${stamp === 'period-end' ? minutes : 0}::int) as period_start,
      case when is_power then value * ${minutes}::float8 / 60 else value end as energy_wh, quality
    from given_reading`)
  await tx.execute(sql`analyze given_period`)
}

const faultWords = {
  boundary: (at: string, minutes: number) => `${at} is not on a boundary of ${minutes} minutes`,
  twice: (at: string) => `${at} appears twice in this upload`,
  future: (at: string) => `the period of ${at} has not ended yet`,
}

/** Reports invalid periods: off their boundary, duplicated, or not over yet. */
export async function checkPeriods(
  tx: Queryable,
  intake: Intake,
  { resolution }: UploadHead,
  now: Instant,
  fieldOf: (place: number, column: 'at') => string,
): Promise<void> {
  const minutes = minutesOf[resolution]
  const rows = await tx.execute<{ place: number; ms: string; fault: keyof typeof faultWords }>(sql`
    select place, (extract(epoch from at) * 1000)::bigint as ms, fault from (
      select place, at, case
        when mod(extract(epoch from period_start), ${minutes * 60}::int) <> 0 then 'boundary'
        when row_number() over (partition by period_start order by place) > 1 then 'twice'
        when period_start + make_interval(mins => ${minutes}::int) > ${now.toString()}::timestamptz then 'future'
      end as fault from given_period
    ) judged where fault is not null order by place limit ${maxFaults}`)
  for (const { place, ms, fault } of rows)
    intake.refuse(fieldOf(place, 'at'), faultWords[fault](Instant.ofEpochMilli(Number(ms)).toString(), minutes))
}

/** Reports the first period on a day on which the FU's FSP has no authority over the MPANs behind it (SEC03). */
export async function checkAuthority(
  tx: Queryable,
  intake: Intake,
  { fuId }: UploadHead,
  fieldOf: (place: number, column: 'at') => string,
): Promise<void> {
  const [row] = await tx.execute<{ place: number; day: string }>(sql`
    with held as (select coalesce((select days from unit_authority where fu_id = ${fuId}::uuid), '{}') as days)
    select place, day::text from (
      select place, (period_start at time zone ${settlementZone.id()})::date as day from given_period
    ) dated, held where not held.days @> day order by place limit 1`)
  if (!row) return
  const message = `is on ${row.day}, a day without authority over the MPANs behind this FU: apply for it from that day on`
  intake.refuse(fieldOf(row.place, 'at'), message)
}
