import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { NoReserveReason, WithoutReserve } from '../../../schemas/dispatch/reserve.ts'
import type { FlexibleUnit } from '../../../schemas/market/parties.ts'
import { clockTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type Product, signOf } from '../../../schemas/vocabulary/units.ts'
import { openSources } from '../../grid/index.ts'
import { stoppedUnits } from '../emergency/index.ts'
import { contractAt, type Facts, modelUnit, plannedW, priceTextOf } from '../optimisation/runs/index.ts'
import { heldToSites, limitsOn, valueAt } from '../schedules/index.ts'
import { type Candidate, partOf } from './rules.ts'
import type { Situation } from './situation.ts'

/** An FU that could make good some of what is missing. */
export interface ReserveUnit extends Candidate {
  unit: FlexibleUnit
  product: Product
  priceGbpPerMwh: string
  /** Its manual schedule of the day if it gives this in addition: what it is to do otherwise stays. */
  valuesWith(moreW: readonly number[]): (number | null)[]
}

/** The FUs behind the node: those that could give something, and why each of the others cannot. */
export interface Sorted {
  able: ReserveUnit[]
  without: WithoutReserve[]
}

/** Sorts the FUs behind the node, by the same rules as the optimisation and a manual schedule. */
export async function sortUnits(tx: Queryable, situation: Situation): Promise<Sorted> {
  const { at, day, units, missingW } = situation
  const sorted: Sorted = { able: [], without: [] }
  if (!missingW.some((w) => w > 0)) return sorted
  const why = await whyNot(tx, situation)
  const limitsBroken = await limitsOn(tx, at, units, day)
  const found: ReserveUnit[] = []
  const refuse = ({ fuId, name }: FlexibleUnit, reason: NoReserveReason, detail: string) =>
    sorted.without.push({ fuId, fuName: name, reason, detail })
  for (const unit of units) {
    const result = why(unit) ?? reserveUnit(situation, unit, limitsBroken)
    if ('reason' in result) refuse(unit, result.reason, result.detail)
    else found.push(result)
  }
  for (const each of await withinSite(tx, situation, found)) {
    const part = partOf(each, missingW)
    if (part.flaw) refuse(each.unit, 'run-limits', `Its schedule ${part.flaw}.`)
    else if (part.moreW?.some((w) => w > 0)) sorted.able.push(each)
    else refuse(each.unit, each.leastW > 0 ? 'run-limits' : 'site-limit', leftText(each, situation.way))
  }
  return sorted
}

function leftText({ leastW, extraW }: ReserveUnit, way: Situation['way']): string {
  if (leastW > 0 && extraW.some((w) => w > 0)) return `It gives at least ${leastW} W, and has less left.`
  return way === 'turn-up'
    ? 'The import limit of its site leaves no room to turn up.'
    : 'The export limit of its site leaves no room to turn down.'
}

type Why = { reason: NoReserveReason; detail: string }

/** Why an FU is not asked whatever it has. */
async function whyNot(tx: Queryable, { units }: Situation): Promise<(unit: FlexibleUnit) => Why | null> {
  const stopped = await stoppedUnits(tx, units)
  const idsOf = async (kind: Parameters<typeof openSources>[1]) =>
    new Set((await openSources(tx, kind)).map((source) => source.id))
  const [unreachable, short] = [await idsOf('dispatch-not-sent'), await idsOf('delivery-short')]
  return ({ fuId, fspId }) => {
    if (stopped.has(fuId)) return { reason: 'stopped', detail: 'An emergency stop covers it.' }
    if (unreachable.has(fspId)) return { reason: 'fsp-unreachable', detail: 'Its FSP has not received instructions.' }
    if (short.has(fuId)) return { reason: 'falls-short', detail: 'It delivers less than it is instructed itself.' }
    return null
  }
}

function reserveUnit(
  situation: Situation,
  unit: FlexibleUnit,
  limitsBroken: Awaited<ReturnType<typeof limitsOn>>,
): ReserveUnit | Why {
  const { way, quarters, missingW } = situation
  const [any] = situation.facts.values()
  const wanted = quarters.filter((_, t) => (missingW[t] ?? 0) > 0)
  const contracts = wanted.flatMap((from) => (any && contractAt(any, unit.fuId, from)) ?? [])
  const own = contracts.find((contract) => contract.direction === way)
  const facts = own && situation.facts.get(own.product)
  if (!own || !facts)
    return contracts.length > 0
      ? { reason: 'other-direction', detail: `It is contracted to ${way === 'turn-up' ? 'turn down' : 'turn up'}.` }
      : { reason: 'not-contracted', detail: 'It has no contract for this time.' }
  const model = modelUnit(facts, unit, way)
  const beforeW = quarters.map((from) => plannedW(facts, unit.fuId, from) * signOf(way))
  const availableW = quarters.map((from) => model.availableW(from))
  const extraW = availableW.map((w, t) => ((beforeW[t] ?? 0) < 0 ? 0 : Math.max(0, w - (beforeW[t] ?? 0))))
  const given = quarters.filter((_, t) => (missingW[t] ?? 0) > 0 && (extraW[t] ?? 0) > 0)
  if (given.length === 0) return whyNothing(facts, unit, { wanted, availableW })
  const dearest = given.reduce((a, b) => (model.price(b) > model.price(a) ? b : a))
  const limited = limitedBy(unit, model.activationsLeft)
  const isLive = (product: Product) => product === own.product
  const valuesWith = (moreW: readonly number[]) => valuesOf(situation, facts, unit, moreW)
  return {
    unit,
    fuId: unit.fuId,
    product: own.product,
    price: model.price(dearest),
    priceGbpPerMwh: priceTextOf(contractAt(facts, unit.fuId, dearest), facts.submitted.get(unit.fuId) ?? [], dearest),
    extraW,
    plannedW: beforeW.map((w) => Math.max(0, w)),
    leastW: model.leastW,
    valuesWith,
    flaw: (moreW) =>
      limitsBroken(limited, { schedule: { resolution: 'PT15M', values: valuesWith(moreW) }, isLive })[0]?.message ??
      null,
  }
}

/** Why an FU with a contract has nothing to give. */
function whyNothing(
  facts: Facts,
  unit: FlexibleUnit,
  { wanted, availableW }: { wanted: readonly Instant[]; availableW: readonly number[] },
): Why {
  if (availableW.some((w) => w > 0)) return { reason: 'already-asked', detail: 'All that it has is planned already.' }
  if (wanted.every((from) => facts.isOut(unit.fuId, from)))
    return { reason: 'out-of-service', detail: 'Its FSP has declared it out of service.' }
  const notice = facts.noticeMinutes(unit.fuId)
  const [earliest, last] = [facts.at.plusSeconds(notice * 60), wanted.at(-1)]
  if (last?.isBefore(earliest))
    return {
      reason: 'too-little-notice',
      detail: `It needs ${notice} min, until ${clockTimeOf(earliest)}.`,
    }
  return { reason: 'not-available', detail: 'Its FSP has declared nothing available.' }
}

/** An FU with what its contract leaves of its activations. */
function limitedBy(unit: FlexibleUnit, activationsLeft: number | null): FlexibleUnit {
  const { limits } = unit
  if (!limits || activationsLeft === null) return unit
  return { ...unit, limits: { ...limits, activationsPerDay: Math.min(limits.activationsPerDay, activationsLeft) } }
}

/** The live schedule of the day with more in it; in the quarter-hours in question, what was issued stands where nothing is added. */
function valuesOf({ day, way, quarters }: Situation, facts: Facts, { fuId }: FlexibleUnit, moreW: readonly number[]) {
  const live = facts.live.get(day.toString())
  const places = new Map(quarters.map((from, t) => [from.toEpochMilli(), t]))
  return periodStarts(day, 'PT15M').map((from) => {
    const t = places.get(from.toEpochMilli())
    // The manual schedule is one for all products: what is live for another stays in it.
    const schedule = live?.get(contractAt(facts, fuId, from)?.product ?? facts.product)?.get(fuId)
    const own = schedule ? valueAt(schedule, from) : null
    if (t === undefined) return own
    const more = moreW[t] ?? 0
    if (more > 0) return plannedW(facts, fuId, from) + signOf(way) * more
    return facts.issued.get(fuId)?.get(from.toEpochMilli())?.turnDownW ?? own
  })
}

/** What the limits of the sites leave of what is offered, by the rule that instructions are held to. */
async function withinSite(
  tx: Queryable,
  { at, way, quarters }: Situation,
  units: ReserveUnit[],
): Promise<ReserveUnit[]> {
  const [from, last] = [quarters[0], quarters.at(-1)]
  if (!from || !last) return units
  const wanted = new Map(
    units.map((each) => [
      each.fuId,
      quarters.map((start, t) => ({
        from: start,
        to: start.plusSeconds(900),
        turnDownW: signOf(way) * ((each.plannedW[t] ?? 0) + (each.extraW[t] ?? 0)),
      })),
    ]),
  )
  const { intervals } = await heldToSites(tx, wanted, { from, to: last.plusSeconds(900) }, at)
  return units.map((each) => {
    const heldW = (start: Instant) =>
      signOf(way) * (intervals.get(each.fuId)?.find((one) => one.from.equals(start))?.turnDownW ?? 0)
    const extraW = quarters.map((start, t) =>
      Math.min(each.extraW[t] ?? 0, Math.max(0, heldW(start) - (each.plannedW[t] ?? 0))),
    )
    return { ...each, extraW }
  })
}
