import type { PlanInput, PlannedGroup, PlanResult, PlanSearch } from '../../../../schemas/planning/sites/plan.ts'
import { steadyWeeks } from './steady.ts'
import type { VehicleGroup } from './week.ts'

type Counts = Map<string, number>
type Planned = Omit<PlanResult, 'search'>

/** How the parts of the engine that a search tries are called. */
export interface SearchTools {
  plan(input: PlanInput): Promise<Planned>
  fleetOf(input: PlanInput, group: PlannedGroup): VehicleGroup
  /** Is told how far the search is, by the ways to give groups their types. */
  note(progress: number): void
}

/** A choice of charge points that was planned. */
interface Tried {
  input: PlanInput
  plan: Planned
  spaceM2: number
}

/** Steps between the fewest charge points of a type with which every journey is made that can be, and one for each vehicle. */
const steps = 3
const listed = 5

/**
 * Looks for the number and mix of charge points that need the fewest kVA or cost the least, within the space. Every way to give each group
 * one of the types is tried; for each, the fewest charge points with which no journey is lost, one for each vehicle, and steps between.
 * `null` where nothing fits into the space.
 */
export async function searchCharging(input: PlanInput, aim: PlanSearch, tools: SearchTools) {
  const tried: Tried[] = []
  const ways = assignments(input)
  for (const [i, groups] of ways.entries()) {
    tools.note(i / ways.length)
    for (const counts of numbersFor({ ...input, groups }, tools)) {
      const chargePoints = input.chargePoints.map((type) => ({ ...type, count: counts.get(type.name) ?? 0 }))
      const one = { ...input, groups, chargePoints }
      const spaceM2 = spaceOf(one)
      if (input.spaceM2 !== null && spaceM2 > input.spaceM2) continue
      tried.push({ input: one, plan: await tools.plan(one), spaceM2 })
    }
  }
  const best = tried.toSorted((a, b) => compare(keyOf(a, aim), keyOf(b, aim)))
  const [first] = best
  if (!first) return null
  return {
    input: first.input,
    plan: first.plan,
    found: { aim, tried: tried.length, best: best.slice(0, listed).map(viewOf) },
  }
}

/** Lost journeys first: no choice is better for leaving some of them out. */
function keyOf({ plan }: Tried, aim: PlanSearch): number[] {
  const lost = plan.impossible.reduce((sum, { vehicles }) => sum + vehicles, 0)
  const [kva, gbp] = [Math.round(plan.capacityKva * 10), Number(plan.money.totalCostOfOwnershipGbp)]
  return aim === 'fewest-kva' ? [lost, kva, gbp] : [lost, gbp, kva]
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value - (b[i] ?? 0)
  return 0
}

function viewOf({ input, plan, spaceM2 }: Tried) {
  return {
    chargePoints: input.chargePoints.flatMap(({ name, count }) => (count > 0 ? [{ name, count }] : [])),
    groups: input.groups.map(({ name, chargePoint }) => ({ name, chargePoint })),
    capacityKva: plan.capacityKva,
    totalCostOfOwnershipGbp: plan.money.totalCostOfOwnershipGbp,
    spaceM2,
    impossibleJourneys: plan.impossible.reduce((sum, { vehicles }) => sum + vehicles, 0),
  }
}

/** The types that a group's vehicles can use. */
function typesFor({ chargePoints }: PlanInput, { ev }: PlannedGroup): string[] {
  return chargePoints.filter(({ current }) => current === 'ac' || ev.dcKw !== null).map(({ name }) => name)
}

/** Every way to give each group a type of charge point. */
function assignments(input: PlanInput): PlannedGroup[][] {
  return input.groups.reduce<PlannedGroup[][]>(
    (ways, group) =>
      ways.flatMap((way) => typesFor(input, group).map((chargePoint) => way.concat({ ...group, chargePoint }))),
    [[]],
  )
}

/** Numbers of charge points to try, by type. */
function numbersFor(input: PlanInput, tools: SearchTools): Counts[] {
  const groups = input.groups.map((group) => tools.fleetOf(input, group))
  const most: Counts = new Map()
  for (const { name, socketsEach } of input.chargePoints) {
    const vehicles = input.groups.reduce((sum, group) => sum + (group.chargePoint === name ? group.count : 0), 0)
    most.set(name, Math.ceil(vehicles / socketsEach))
  }
  const lost = (counts: Counts) => steadyWeeks(groups, socketsOf(input, counts)).impossible.length
  const fewest = fewestOf(most, (counts) => lost(counts) <= lost(most))
  const found = new Map<string, Counts>()
  for (let step = 0; step <= steps; step++) {
    const counts: Counts = new Map()
    for (const [name, high] of most) {
      const low = fewest.get(name) ?? high
      counts.set(name, low + Math.round(((high - low) * step) / steps))
    }
    found.set([...counts.values()].join(), counts)
  }
  return [...found.values()]
}

/** The fewest of each type, one type after the other, by halving: with more charge points no journey is lost that was made with fewer. */
function fewestOf(most: Counts, isEnough: (counts: Counts) => boolean): Counts {
  const fewest: Counts = new Map(most)
  for (const [name, high] of most) {
    let [low, enough] = [0, high]
    while (low < enough) {
      const middle = Math.floor((low + enough) / 2)
      if (isEnough(new Map(fewest).set(name, middle))) enough = middle
      else low = middle + 1
    }
    fewest.set(name, enough)
  }
  return fewest
}

function socketsOf({ chargePoints }: PlanInput, counts: Counts) {
  return chargePoints.map(({ name, socketsEach }) => ({ kind: name, sockets: (counts.get(name) ?? 0) * socketsEach }))
}

function spaceOf({ chargePoints }: PlanInput): number {
  return chargePoints.reduce((sum, { count, spaceM2 }) => sum + count * spaceM2, 0)
}
