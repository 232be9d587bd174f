import { z } from 'zod'
import { directionOrTurnDown } from '../../../schemas/vocabulary/units.ts'
import {
  type DayProblem,
  type FlexTree,
  type PeriodNeed,
  type UnitRules,
  withinCeilings,
} from '../../../server/dispatch/optimisation/algorithm/index.ts'
import { reliableW } from '../../../server/dispatch/optimisation/runs/derating.ts'

const id = z.string().min(1)

/** A figure that holds in every period, or one for each. */
const perPeriod = z.union([z.number(), z.array(z.number())])

/** Quarter-hours throughout; what is not given does not bind. */
const constraints = z.strictObject({
  minimumW: z.number().min(0).default(0),
  minimumRun: z.int().min(1).default(1),
  maximumRun: z.int().min(1).default(96),
  /** Fewest periods between two runs. */
  rest: z.int().min(1).default(1),
  activations: z.int().min(1).default(96),
  notice: z.int().min(0).default(0),
  rebound: z
    .strictObject({ share: z.number().min(0).max(1), delay: z.int().min(1), periods: z.int().min(1) })
    .default({ share: 0, delay: 1, periods: 1 }),
})

export const optimisationInput = z.strictObject({
  periods: z.int().min(1).max(96).default(1),
  /** `needW`: forecast load less target, W; negative for room below the target. */
  nodes: z
    .array(
      z.strictObject({
        id,
        parent: id.nullable(),
        needW: perPeriod,
        /** Forecast reverse power less its target, W; a node without it may carry any. Turn-up meets it. */
        reverseNeedW: perPeriod.optional(),
        /** The greatest price that is paid for its need, £/MWh; any without it. */
        ceilingGbpPerMwh: z.number().min(0).optional(),
        /** How much a W of its shortfall counts beside one of another node's. */
        shortfallWeight: z.number().positive().default(1),
      }),
    )
    .min(1),
  /** In order of `id`, which breaks ties. A unit with constraints makes it a day that is solved as a whole. */
  units: z.array(
    z.strictObject({
      id,
      node: id,
      direction: directionOrTurnDown,
      ceilingW: perPeriod,
      floorW: perPeriod.default(0),
      priceGbpPerMwh: perPeriod,
      /** Share that it has delivered of what it was instructed, by which its offer is derated. */
      reliability: z.number().min(0).max(1).optional(),
      constraints: constraints.optional(),
    }),
  ),
})
export type OptimisationInput = z.infer<typeof optimisationInput>

export const optimisationExpected = z.strictObject({
  /** Turn-down of each unit, W, negative for turn-up: of every unit, in every period. */
  turnDownW: z.record(id, perPeriod),
  /** Need of each node that is not met, W; a node that is left out has none. */
  shortfallW: z.record(id, perPeriod).default({}),
  /** The same of reverse power. */
  reverseShortfallW: z.record(id, perPeriod).default({}),
  /** Cost of the turn-downs, £, over all quarter-hours. What stays unmet has no price. */
  costGbp: z.number(),
})

/** A case as arrays: nodes before their parents, units by identifier. */
export class Problem {
  readonly nodes: OptimisationInput['nodes']
  readonly units: OptimisationInput['units']
  readonly tree: FlexTree
  readonly #given: OptimisationInput

  constructor(given: OptimisationInput) {
    this.#given = given
    const parents = new Map(given.nodes.map((node) => [node.id, node.parent]))
    const depth = (of: string | null): number => (of === null ? 0 : 1 + depth(parents.get(of) ?? null))
    this.nodes = given.nodes.toSorted((a, b) => depth(b.id) - depth(a.id))
    this.units = given.units.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    const place = (of: string) => this.nodes.findIndex((node) => node.id === of)
    this.tree = {
      parent: Int32Array.from(this.nodes, (node) => (node.parent === null ? -1 : place(node.parent))),
      unitNode: Int32Array.from(this.units, (unit) => place(unit.node)),
    }
  }

  /** Whether anything is turned up: then both directions are solved, one beside the other. */
  get isDirected(): boolean {
    return this.units.some((unit) => unit.direction === 'turn-up')
  }

  get hasConstraints(): boolean {
    return this.units.some((unit) => unit.constraints)
  }

  get periods(): number[] {
    return Array.from({ length: this.#given.periods }, (_, t) => t)
  }

  period(t: number): PeriodNeed {
    return {
      needW: Float64Array.from(this.nodes, (node) => at(node.needW, t)),
      floorW: Float64Array.from(this.units, (unit) => at(unit.floorW, t)),
      ceilingW: Float64Array.from(this.units, (unit) => at(unit.floorW, t) + offeredW(unit, t)),
      price: Float64Array.from(this.units, (unit) => at(unit.priceGbpPerMwh, t)),
      ceilingPrice: this.ceilingPrice,
    }
  }

  private get ceilingPrice(): Float64Array {
    return Float64Array.from(this.nodes, (node) => node.ceilingGbpPerMwh ?? Infinity)
  }

  day(): DayProblem {
    return withinCeilings({
      tree: this.tree,
      ceilingPrice: this.ceilingPrice,
      weight: Float64Array.from(this.nodes, (node) => node.shortfallWeight),
      excessW: this.periods.map((t) => this.period(t).needW),
      ceilingW: this.periods.map((t) => this.period(t).ceilingW),
      price: this.periods.map((t) => this.period(t).price),
      units: this.units.map((unit): UnitRules => unit.constraints ?? constraints.parse({})),
    })
  }
}

/** What a unit offers above its floor, W. */
export function offeredW(
  { ceilingW, floorW, reliability, constraints }: OptimisationInput['units'][number],
  t: number,
) {
  const statedW = at(ceilingW, t) - at(floorW, t)
  return reliability === undefined ? statedW : reliableW(statedW, reliability, constraints?.minimumW ?? 0)
}

/** The figure of a period. */
export function at(value: z.infer<typeof perPeriod>, t: number): number {
  return typeof value === 'number' ? value : (value[t] ?? 0)
}

/** £ of a quarter-hour or of a day of them, of a cost in W × £/MWh. */
export function gbpOf(cost: number): number {
  return (cost * 0.25) / 1_000_000
}
