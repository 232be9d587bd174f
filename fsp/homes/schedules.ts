import type { Instant, LocalDate } from '@js-joda/core'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { type ScheduleSubmission, submissionOperations } from '../../schemas/market/submissions.ts'
import { clockTimeOf, dayStart, periodStarts, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { Direction } from '../../schemas/vocabulary/units.ts'
import type { MarketContext } from '../app/context.ts'
import { type Baselines, type DnoApi, type FlexUnits, reasonOf } from '../flexibility/index.ts'
import { biddingPolicy, costGbpPerMwh } from './policy.ts'

/** What the homes' FSP states about its units day by day: what they will draw, how far it can turn them down, and at which cost. */
export class Schedules {
  readonly #context: MarketContext
  readonly #parts: { dno: DnoApi; flexUnits: FlexUnits; baselines: Baselines }
  /** Schedules that the DNO has taken, or will not take any more. */
  readonly #done = new Set<string>()

  constructor(context: MarketContext, parts: { dno: DnoApi; flexUnits: FlexUnits; baselines: Baselines }) {
    this.#context = context
    this.#parts = parts
  }

  /** FA04: submits what is still owed for today and tomorrow, as soon as it is under contract: long before the gates. */
  async submit(estates: readonly EstateSeed[], now: Instant): Promise<void> {
    const today = tradingDayOf(now)
    for (const estate of estates.filter(({ product }) => product !== 'A')) {
      const unit = this.#parts.flexUnits.ofDepot(estate.siteId)
      if (!unit) continue
      for (const day of [today, today.plusDays(1)]) {
        const contract = this.#parts.flexUnits.contractsOf(unit.fuId).find((each) => isOn(each, day))
        if (contract) await this.#submitDay(estate, contract, day)
      }
    }
  }

  async #submitDay(estate: EstateSeed, contract: Contract, day: LocalDate): Promise<void> {
    const { fuId } = contract
    const key = `${fuId} ${day}`
    if (this.#done.has(key)) return
    const baselineW = await this.#parts.baselines.ownDayW(estate.siteId, day)
    if (baselineW === null) return
    const common = { resolution: 'PT15M', start: dayStart(day).toString(), revision: 1 } as const
    const { direction } = contract
    const times = periodStarts(day, 'PT15M').map((start) => clockTimeOf(start))
    const submissions: ScheduleSubmission[] = [
      { ...common, kind: 'baseline', values: baselineW },
      {
        ...common,
        kind: 'cost',
        direction,
        values: times.map((time) => costGbpPerMwh(estate.product, time, direction)),
      },
      {
        ...common,
        kind: 'deviation',
        direction,
        values: baselineW.map((w) => deviationW(roomW(w, estate, direction), contract.turnDownW)),
      },
    ]
    let isDone = true
    for (const body of submissions) {
      const params = { fuId, day: day.toString(), kind: body.kind }
      const answer = await this.#parts.dno.call(submissionOperations.submitSchedule, { params, body })
      if (answer.ok) continue
      this.#context.log.info({ ...params, reason: reasonOf(answer.failure) }, 'a schedule was not taken')
      // 409: its gate has closed, or an earlier start of ours has submitted it.
      if (answer.failure.status !== 409) isDone = false
    }
    if (isDone) this.#done.add(key)
  }
}

function isOn({ validFrom, validTo }: Contract, day: LocalDate): boolean {
  return validFrom <= day.toString() && day.toString() <= validTo
}

/** How far an estate could go from a baseline at the very most, W: down to nothing, or up to what its heat pumps are rated for. */
function roomW(baselineW: number, { homes, heatPumpW }: EstateSeed, way: Direction): number {
  return way === 'turn-up' ? Math.max(0, homes * heatPumpW - baselineW) : baselineW
}

/** How far a unit can be moved, W: a share of the room in whole steps, and no more than is contracted. */
function deviationW(room: number, contractedW: number): number {
  const { shareOfMean, roundToW } = biddingPolicy
  return Math.min(contractedW, Math.floor((room * shareOfMean) / roundToW) * roundToW)
}
