import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { ReceivedInterval } from '../../fsp/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { FeedState } from '../../schemas/fsp/feeds/feeds.ts'
import type { Statement } from '../../schemas/settlement/statements.ts'
import { quarterMs } from '../../schemas/vocabulary/time.ts'
import type { DueWindow } from './due.ts'
import type { Check, DispatchFigures } from './summary.ts'

/** Figures of the day straight from the server's tables, by plain SQL that no wing shares. */
export interface StoredFigures {
  measurements: number
  breaches: number
  meteredWh: number
  /** Energy over the `ev` feeders as the hubs measured it, each value holding until the next, by connection. */
  hubEvWh: Map<string, number>
  /** Energy by the meters of the FUs of connections that have a hub. */
  meteredByConnectionWh: Map<string, number>
  /** Metered energy of each FU and quarter-hour, Wh, by FU and instant. */
  readingsWh: Map<string, number>
}

/** Reads the figures of a span. Measurements are counted over all that was ever received. */
export async function readFigures(db: Database, from: Instant, to: Instant): Promise<StoredFigures> {
  const [start, end] = [sql`${from.toString()}::timestamptz`, sql`${to.toString()}::timestamptz`]
  const [counted] = await db.execute<{ measurements: number; breaches: number }>(sql`
    with polled as materialized (select hub_id from hub where ownership = 'dno'),
    stored as materialized (
      select count(*)::int as measurements from measurement where hub_id in (select hub_id from polled)),
    begun as materialized (select count(*)::int as breaches from breach where start_at >= ${start} and start_at < ${end})
    select measurements, breaches from stored, begun`)
  // Power is read once a minute, and a minute's energy is that of the power read at its end: hence the span from 00:00:30 on.
  const hubs = await db.execute<{ connection_id: string; wh: number }>(sql`
    with feeders as materialized (select hub_id, feeder, connection_id from hub_feeder where role = 'ev' and counts),
    measured as materialized (
      select m.hub_id, m.feeder, m.received_time, m.value from measurement m
      where m.quantity = 'active-power' and m.received_time >= ${start} and m.received_time <= ${end}
        and date_trunc('minute', m.received_time) = m.received_time),
    power as (
      select connection_id, received_time, sum(value) as w from measured join feeders using (hub_id, feeder) group by 1, 2),
    spans as (
      select connection_id, w, received_time,
        extract(epoch from received_time - lag(received_time) over (partition by connection_id order by received_time)) as s
      from power)
    select connection_id, coalesce(sum(w * s) / 3600, 0)::float8 as wh from spans where s is not null group by 1`)
  const readings = await db.execute<{ fu_id: string; at: string; connection_id: string | null; wh: number }>(sql`
    with latest as materialized (
      select distinct on (fu_id, period_start, minutes, meter_id) fu_id, period_start, energy_wh from meter_reading
      where period_start >= ${start} and period_start < ${end}
      order by fu_id, period_start, minutes, meter_id, revision desc),
    unit as materialized (
      select u.fu_id, (select u.connection_id from hub_feeder f
        where f.connection_id = u.connection_id and f.role = 'ev' and f.counts limit 1) as connection_id
      from flexible_unit u)
    select fu_id, to_char(period_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, connection_id,
      sum(energy_wh)::float8 as wh
    from latest join unit using (fu_id)
    group by fu_id, period_start, connection_id`)
  const meteredByConnectionWh = new Map<string, number>()
  for (const { connection_id: id, wh } of readings)
    if (id !== null) meteredByConnectionWh.set(id, (meteredByConnectionWh.get(id) ?? 0) + wh)
  return {
    measurements: counted?.measurements ?? 0,
    breaches: counted?.breaches ?? 0,
    meteredWh: readings.reduce((sum, { wh }) => sum + wh, 0),
    hubEvWh: new Map([...hubs].map((row) => [row.connection_id, Number(row.wh)])),
    meteredByConnectionWh,
    readingsWh: new Map(readings.map(({ fu_id: fuId, at, wh }) => [`${fuId} ${Instant.parse(at)}`, wh])),
  }
}

/** Every point that a hub answered with is a row, once. */
export function checkMeasurements(stored: number, answered: number): Check {
  return {
    name: 'measurements stored = points answered by the hubs',
    ok: stored === answered && stored > 0,
    detail: `${stored} stored, ${answered} answered`,
  }
}

/** The site load of each depot, and the vans' telematics, come by feeds of their suppliers: none is late, and nothing waits in quarantine. */
export function checkFeeds(
  feeds: readonly Pick<
    FeedState,
    'feedId' | 'format' | 'freshness' | 'lastError' | 'quarantinedFiles' | 'quarantinedRecords'
  >[],
  depots: number,
): Check {
  const kinds = (kind: string) => feeds.filter(({ format }) => format.kind === kind).length
  const wrong = feeds.flatMap(({ feedId, freshness, lastError, quarantinedFiles, quarantinedRecords }) => {
    if (freshness !== 'green') return [`${feedId} is ${freshness}`]
    if (lastError !== null) return [`${feedId}: ${lastError}`]
    const kept = quarantinedFiles + quarantinedRecords
    return kept > 0 ? [`${feedId}: ${kept} in quarantine`] : []
  })
  return {
    name: 'the feeds of every depot are fresh and were understood whole',
    ok: kinds('site-load') === depots && kinds('telematics') > 0 && wrong.length === 0,
    detail: [`${kinds('site-load')} of site load, ${kinds('telematics')} of telematics`, ...wrong].join('; '),
  }
}

/** A quarter-hour of one FU as an FSP was instructed: taken from its own books, not from the DNO's. */
export interface InstructedQuarter {
  instructionId: string
  fuId: string
  from: Instant
  turnDownW: number
  receivedAt: Instant
  isAccepted: boolean
}

/** The quarter-hours of what an FSP received for a product. */
export function instructedQuarters(received: readonly ReceivedInterval[], product: string): InstructedQuarter[] {
  return received
    .filter((each) => each.product === product)
    .flatMap(({ instructionId, fuId, from, to, turnDownW, receivedAt, outcome }) => {
      const quarters = Math.round((to.toEpochMilli() - from.toEpochMilli()) / quarterMs)
      return Array.from({ length: quarters }, (_, i) => ({
        instructionId,
        fuId,
        from: from.plusMillis(i * quarterMs),
        turnDownW,
        receivedAt,
        isAccepted: outcome === 'accepted',
      }))
    })
}

const keyOf = ({ fuId, from }: { fuId: string; from: Instant }) => `${fuId} ${from}`

/** Compares what was owed, by contracts, schedules and forecasts as they were entered, with what arrived at the FSPs. */
export function dispatchFigures(
  due: readonly DueWindow[],
  received: readonly InstructedQuarter[],
): DispatchFigures & { notOwed: number } {
  const owed = new Map(due.map((each) => [keyOf(each), each]))
  const windows = new Map(received.map((each) => [keyOf(each), each]))
  const isIssued = (key: string) => windows.get(key)?.turnDownW === owed.get(key)?.turnDownW
  const issued = [...windows.keys()].filter((key) => owed.has(key) && isIssued(key)).length
  const isLate = (each: InstructedQuarter) => each.receivedAt.isAfter(owed.get(keyOf(each))?.by ?? each.receivedAt)
  return {
    due: owed.size,
    issued,
    acknowledged: received.filter((each) => each.isAccepted).length,
    late: received.filter(isLate).length,
    duplicates: received.length - windows.size,
    notOwed: windows.size - issued,
  }
}

/** Everything owed arrived with the W that were owed, once and in time, and nothing that was not owed. */
export function checkDispatch(figures: DispatchFigures & { notOwed: number }, product: string): Check {
  const { due, issued, acknowledged, late, duplicates, notOwed } = figures
  const name = 'issued = due, no duplicate, none late'
  return {
    name: product === 'A' ? name : `product ${product}: ${name}`,
    ok: due > 0 && issued === due && acknowledged === due && notOwed === 0 && duplicates === 0 && late === 0,
    detail: `${due} due, ${issued} issued, ${acknowledged} accepted, ${notOwed} not owed, ${duplicates} duplicates, ${late} late`,
  }
}

/** Pence of a decimal string: whole numbers, so that the sum is exact without the library that the server sums with. */
function pence(amount: string): bigint {
  const match = /^(-?)(\d+)\.(\d\d)$/.exec(amount)
  if (!match) throw new Error(`${amount} is no amount in pounds and pence`)
  return BigInt(`${match[1]}${match[2]}${match[3]}`)
}

/** The lines of a statement sum to its total. */
export function checkStatement(given: Statement): Check {
  const sum = given.lines.reduce((total, line) => total + pence(line.amountGbp), 0n)
  const total = pence(given.totalGbp)
  return {
    name: `lines sum to statement ${given.number}`,
    ok: given.lines.length > 0 && sum === total,
    detail: `${given.lines.length} lines sum to ${sum} p, the statement says ${total} p`,
  }
}

const kWh = (wh: number) => `${(wh / 1000).toFixed(1)} kWh`

const sum = (values: Iterable<number>) => [...values].reduce((total, each) => total + each, 0)

/** Rounding that two sums of some hundred figures may differ by, Wh. */
const roundingWh = 100

/** What the FSPs were instructed is what the statements say, on the energy that was uploaded, and some of it was delivered, none beyond. */
export function checkDelivery(
  product: string,
  instructed: readonly InstructedQuarter[],
  statements: readonly Statement[],
  { readingsWh }: Pick<StoredFigures, 'readingsWh'>,
): Check {
  const lines = statements.filter((each) => each.product === product).flatMap((each) => each.lines)
  const called = lines.filter((line) => (line.instructedW ?? 0) > 0)
  // The lines count in the direction of their contract.
  const bookedWh = sum(instructed.filter((each) => each.isAccepted).map((each) => Math.abs(each.turnDownW) / 4))
  const statedWh = sum(called.map((line) => (line.instructedW ?? 0) / 4))
  const meteredWh = sum(called.map((line) => line.meteredWh ?? 0))
  const uploadedWh = sum(called.map((line) => readingsWh.get(`${line.fuId} ${Instant.parse(line.from)}`) ?? 0))
  const deliveredWh = sum(called.map((line) => line.deliveredWh))
  const agree = (a: number, b: number) => Math.abs(a - b) <= roundingWh
  const isWithin = deliveredWh > 0 && deliveredWh <= statedWh + roundingWh
  return {
    name: `product ${product}: energy instructed, metered and delivered agree`,
    ok: called.length > 0 && agree(bookedWh, statedWh) && agree(meteredWh, uploadedWh) && isWithin,
    detail: `${kWh(bookedWh)} instructed by the FSPs’ books, ${kWh(statedWh)} by the statements; ${kWh(uploadedWh)} uploaded, ${kWh(meteredWh)} settled, ${kWh(deliveredWh)} delivered`,
  }
}

/** How far the homes' load may fall from what they were instructed: no home draws just what the baseline says. */
const fallRatio = 0.25

/** The homes' meters read what they drew, and their load fell, or rose, by about what they were instructed. */
export function checkHomes(
  drawn: Map<string, ReadonlyMap<number, { drawnWh: number; undisturbedWh: number }>>,
  instructed: readonly InstructedQuarter[],
  { readingsWh }: Pick<StoredFigures, 'readingsWh'>,
): Check[] {
  const own = [...drawn].flatMap(([fuId, quarters]) =>
    [...quarters].map(([ms, of]) => ({ ...of, key: `${fuId} ${Instant.ofEpochMilli(ms)}` })),
  )
  const read = own.filter(({ key }) => readingsWh.has(key))
  const drawnWh = sum(read.map((each) => each.drawnWh))
  const meteredWh = sum(read.map(({ key }) => readingsWh.get(key) ?? 0))
  const asked = new Map(
    instructed
      .filter((each) => each.isAccepted && drawn.has(each.fuId))
      .map((each) => [keyOf(each), each.turnDownW / 4]),
  )
  /** What was asked for in a direction, and what came of it, Wh. */
  const moved = (sign: 1 | -1) => {
    const under = own.filter(({ key }) => sign * (asked.get(key) ?? 0) > 0)
    const movedWh = sum(under.map((each) => sign * (each.undisturbedWh - each.drawnWh)))
    return { askedWh: sum([...asked.values()].map((wh) => Math.max(0, sign * wh))), movedWh }
  }
  const [down, up] = [moved(1), moved(-1)]
  const isAbout = ({ askedWh, movedWh }: typeof down) =>
    askedWh > 0 && Math.abs(movedWh - askedWh) <= fallRatio * askedWh
  return [
    {
      name: 'metered energy of the homes agrees with what they drew',
      ok: read.length > 0 && Math.abs(meteredWh - drawnWh) <= Math.max(roundingWh, tolerance.ratio * drawnWh),
      detail: `${kWh(meteredWh)} metered, ${kWh(drawnWh)} drawn, in ${read.length} quarter-hours`,
    },
    {
      name: 'the load of the homes fell by what they were instructed',
      ok: isAbout(down),
      detail: `${kWh(down.askedWh)} instructed, ${kWh(down.movedWh)} less drawn than without`,
    },
    ...(up.askedWh === 0
      ? []
      : [
          {
            name: 'the load of the homes rose by what they were instructed to turn up',
            ok: isAbout(up),
            detail: `${kWh(up.askedWh)} instructed, ${kWh(up.movedWh)} more drawn than without`,
          },
        ]),
  ]
}

/** How far a depot's meters and its hub may be apart: the hub reads power once a minute, in whole watts per phase. */
const tolerance = { ratio: 0.005, wh: 500 }

/** Energy metered by charge points = energy over the hub's feeders less the site's own load. */
export function checkEnergy(figures: Pick<StoredFigures, 'hubEvWh' | 'meteredByConnectionWh'>): Check {
  const connections = new Set([...figures.hubEvWh.keys(), ...figures.meteredByConnectionWh.keys()])
  const apart = [...connections].filter((id) => {
    const [hub, metered] = [figures.hubEvWh.get(id) ?? 0, figures.meteredByConnectionWh.get(id) ?? 0]
    return Math.abs(hub - metered) > Math.max(tolerance.wh, tolerance.ratio * metered)
  })
  const [hubTotal, metered] = [sum(figures.hubEvWh.values()), sum(figures.meteredByConnectionWh.values())]
  return {
    name: 'metered energy agrees with hub energy minus site load',
    ok: connections.size > 0 && metered > 0 && apart.length === 0,
    detail: `${kWh(metered)} metered, ${kWh(hubTotal)} by the hubs, ${apart.length} of ${connections.size} sites apart${apart.map((id) => ` ${id}: ${kWh(figures.hubEvWh.get(id) ?? 0)} / ${kWh(figures.meteredByConnectionWh.get(id) ?? 0)}`).join(';')}`,
  }
}
