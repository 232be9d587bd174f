import type { Instant, LocalDate } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import type { SubmittedKind } from '../../schemas/fsp/market.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { gateOperations } from '../../schemas/market/gates.ts'
import { type ScheduleSubmission, submissionOperations } from '../../schemas/market/submissions.ts'
import { dayStart, periodStarts, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import { type Direction, direction } from '../../schemas/vocabulary/units.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, type FlexUnits, reasonOf, submittedDay } from '../flexibility/index.ts'
import { costMoved, type GateSpan, powerMoved, type Revision, revisionOf } from './rules/revision.ts'

/** What an FSP states of a unit's day under a contract, by quarter-hour: W, and £/MWh as decimal strings. */
export interface UnitDay {
  baselineW: number[]
  costGbpPerMwh: string[]
  deviationW: number[]
}

/** Makes the day of a unit under its contracts of one direction; `null`: too little is known. */
export type DayOf = (
  siteId: string,
  contracts: readonly Contract[],
  day: LocalDate,
  now: Instant,
) => Promise<UnitDay | null>

interface Parts {
  dno: DnoApi
  flexUnits: FlexUnits
  dayOf: DayOf
}

type Sent = typeof submittedDay.$inferSelect

/** Whether a product is bid day by day: for a firm option the contract says it all. */
const isBid = ({ product }: Contract) => product !== 'A'

/**
 * What an FSP states about its units day by day (FA04, K4): baseline, cost and deviation are submitted before each gate, as soon as there is
 * a contract, and again in the day when the forecast moves, for those quarter-hours whose gates are open.
 */
export class Schedules {
  readonly #context: MarketContext
  readonly #parts: Parts

  constructor(context: MarketContext, parts: Parts) {
    this.#context = context
    this.#parts = parts
  }

  /** Submits what is due for today and tomorrow. */
  async submit(now: Instant): Promise<void> {
    const { flexUnits } = this.#parts
    const today = tradingDayOf(now)
    for (const day of [today, today.plusDays(1)]) {
      const own = flexUnits.all.map(({ depotId, fuId }) => ({
        siteId: depotId,
        contracts: flexUnits.contractsOf(fuId).filter((each) => isBid(each) && isOn(each, day)),
      }))
      if (own.every(({ contracts }) => contracts.length === 0)) continue
      const gates = await this.#gatesOf(day)
      for (const { siteId, contracts } of own)
        for (const way of direction.options)
          await this.#submitDay(
            siteId,
            contracts.filter((each) => each.direction === way),
            day,
            gates,
            now,
          )
    }
  }

  /** The gates of a day by contract and kind; none where the DNO cannot be asked: then it decides what comes too late. */
  async #gatesOf(day: LocalDate): Promise<Map<string, GateSpan[]>> {
    const answer = await this.#parts.dno.all(gateOperations.listScheduleGates, { query: { day: day.toString() } })
    if (!answer.ok) return new Map()
    return new Map(
      answer.value.flatMap(({ contractId, gates }) =>
        gates.map(({ kind, closings }) => [
          `${contractId} ${kind}`,
          closings.map(({ closesAt, from, to }) => ({
            closesMs: Date.parse(closesAt),
            fromMs: Date.parse(from),
            toMs: Date.parse(to),
          })),
        ]),
      ),
    )
  }

  async #submitDay(
    siteId: string,
    contracts: readonly Contract[],
    day: LocalDate,
    gates: ReadonlyMap<string, GateSpan[]>,
    now: Instant,
  ): Promise<void> {
    const [first] = contracts
    const made = first && (await this.#parts.dayOf(siteId, contracts, day, now))
    if (!made) return
    const kinds = [
      { kind: 'baseline', fresh: made.baselineW, moved: powerMoved },
      { kind: 'cost', fresh: made.costGbpPerMwh, moved: costMoved },
      { kind: 'deviation', fresh: made.deviationW, moved: powerMoved },
    ] as const
    for (const { kind, fresh, moved } of kinds) {
      const sent = await this.#sent(first, day, kind)
      // What the DNO did not take once is not sent again and again.
      if (sent?.refusal) continue
      const revision = revisionOf<number | string>({
        startsMs: periodStarts(day, 'PT15M').map((start) => start.toEpochMilli()),
        fresh,
        sent: sent?.values ?? null,
        gates: contracts.flatMap(({ contractId }) => gates.get(`${contractId} ${kind}`) ?? []),
        nowMs: now.toEpochMilli(),
        moved,
      })
      if (revision) await this.#send({ contract: first, day, kind, now }, revision, sent)
    }
  }

  async #sent({ fuId, direction: way }: Contract, day: LocalDate, kind: SubmittedKind): Promise<Sent | null> {
    const [row] = await this.#context.db
      .select()
      .from(submittedDay)
      .where(
        and(
          eq(submittedDay.fuId, fuId),
          eq(submittedDay.day, day.toString()),
          eq(submittedDay.kind, kind),
          eq(submittedDay.direction, directionOf(kind, way)),
        ),
      )
    return row ?? null
  }

  async #send(
    what: { contract: Contract; day: LocalDate; kind: SubmittedKind; now: Instant },
    { values, reason }: Revision<number | string>,
    sent: Sent | null,
  ): Promise<void> {
    const { contract, day, kind, now } = what
    const { fuId, direction: way } = contract
    const params = { fuId, day: day.toString(), kind }
    const revision = (sent?.revision ?? 0) + 1
    const body = {
      kind,
      resolution: 'PT15M',
      start: dayStart(day).toString(),
      revision,
      values,
      ...(kind === 'baseline' ? {} : { direction: way }),
    } as ScheduleSubmission
    const answer = await this.#parts.dno.call(submissionOperations.submitSchedule, { params, body })
    const refusal = answer.ok ? null : reasonOf(answer.failure)
    if (refusal) this.#context.log.info({ ...params, reason: refusal }, 'a schedule was not taken')
    // 409: its gate has closed. Anything else may be over in ten minutes.
    if (!answer.ok && answer.failure.status !== 409) return
    const row = answer.ok
      ? { revision, values: [...values], at: now, reason, refusal: null }
      : {
          revision: sent?.revision ?? 0,
          values: sent?.values ?? [],
          at: sent?.at ?? now,
          reason: sent?.reason ?? reason,
          refusal,
        }
    await this.#context.db
      .insert(submittedDay)
      .values({ fuId, day: day.toString(), kind, direction: directionOf(kind, way), ...row })
      .onConflictDoUpdate({
        target: [submittedDay.fuId, submittedDay.day, submittedDay.kind, submittedDay.direction],
        set: row,
      })
  }
}

/** A baseline has no direction, and counts as turn-down. */
function directionOf(kind: SubmittedKind, way: Direction): Direction {
  return kind === 'baseline' ? 'turn-down' : way
}

function isOn({ validFrom, validTo }: Contract, day: LocalDate): boolean {
  return validFrom <= day.toString() && day.toString() <= validTo
}
