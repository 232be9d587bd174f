import type { LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../platform/calendar/index.ts'
import { clockTimeOf, dayStart, periodStarts, rememberedByDay } from '../../schemas/vocabulary/time.ts'
import { chances, seedFor } from '../../server/planning/index.ts'

/** Half-hours of a day on the wall clock. */
const slots = 48

/** A rise of load around a local time, h, with its height and its width to either side, h. */
interface Bump {
  at: number
  wide: number
  high: number
}

/** How a kind of customer, or a mix of them, uses electricity: in the way of the public profile classes, with coefficients of our own. */
interface LoadShape {
  /** What runs all day and night, beside the bumps. */
  base: number
  working: readonly Bump[]
  resting: readonly Bump[]
  /** Share of the winter's load that is missing at midsummer; negative where cooling outweighs heating. */
  summerDip: number
}

export const loadShapes = {
  /** Profile class 1: homes. */
  homes: {
    base: 0.3,
    working: [
      { at: 7.5, wide: 1.2, high: 0.3 },
      { at: 18.5, wide: 2.2, high: 0.8 },
      { at: 13, wide: 3, high: 0.15 },
    ],
    resting: [
      { at: 10, wide: 2, high: 0.4 },
      { at: 18, wide: 2.6, high: 0.75 },
      { at: 13.5, wide: 2.5, high: 0.25 },
    ],
    summerDip: 0.38,
  },
  /** Profile class 2: homes with an off-peak rate, whose vans and cars charge at night. */
  nightCharging: {
    base: 0.25,
    working: [
      { at: 1.5, wide: 2.2, high: 0.8 },
      { at: 18.5, wide: 1.8, high: 0.5 },
    ],
    resting: [
      { at: 2, wide: 2.4, high: 0.55 },
      { at: 18, wide: 2.2, high: 0.45 },
    ],
    summerDip: 0.25,
  },
  /** Profile class 3: shops and offices. */
  premises: {
    base: 0.35,
    working: [
      { at: 10.5, wide: 3, high: 0.55 },
      { at: 15, wide: 2.6, high: 0.55 },
    ],
    resting: [{ at: 13, wide: 3.5, high: 0.25 }],
    summerDip: 0.08,
  },
  /** A delivery depot: its building by day, its vans from the late afternoon. */
  depot: {
    base: 0.25,
    working: [
      { at: 9, wide: 3.5, high: 0.3 },
      { at: 18.5, wide: 2.5, high: 0.7 },
      { at: 23, wide: 2, high: 0.2 },
    ],
    resting: [
      { at: 10, wide: 3, high: 0.12 },
      { at: 18, wide: 2.5, high: 0.2 },
    ],
    summerDip: 0.12,
  },
  /** What a grid supply point or a primary sees: homes and premises together. */
  mixed: {
    base: 0.4,
    working: [
      { at: 8.5, wide: 1.8, high: 0.25 },
      { at: 13, wide: 3.5, high: 0.3 },
      { at: 18, wide: 2.2, high: 0.6 },
    ],
    resting: [
      { at: 11, wide: 3, high: 0.25 },
      { at: 18, wide: 2.5, high: 0.5 },
    ],
    summerDip: 0.25,
  },
} as const satisfies Record<string, LoadShape>
export type LoadShapeName = keyof typeof loadShapes

/** Loads of the 48 half-hours of a local day, as shares of the highest, for days of work and of rest. */
export interface DayCurves {
  working: readonly number[]
  resting: readonly number[]
  summerDip: number
}

/** The curves of a shape: the highest half-hour of a working winter's day is 1. */
export function curvesOf(name: LoadShapeName): DayCurves {
  const { base, working, resting, summerDip }: LoadShape = loadShapes[name]
  const raw = (bumps: readonly Bump[]) =>
    Array.from({ length: slots }, (_, slot) => bumps.reduce((sum, bump) => sum + rise(bump, slot / 2), base))
  const [on, off] = [raw(working), raw(resting)]
  const highest = Math.max(...on, ...off)
  const scaled = (curve: readonly number[]) => curve.map((share) => share / highest)
  return { working: scaled(on), resting: scaled(off), summerDip }
}

/** A bump at an hour of the day, around midnight too. */
function rise({ at, wide, high }: Bump, hour: number): number {
  const apart = Math.abs(hour - at)
  const hours = Math.min(apart, 24 - apart)
  return high * Math.exp(-((hours / wide) ** 2) / 2)
}

/** Share of a day's load that rest takes away where a usual load is stated for working days only. */
const restDip = 0.12
/** Share of the winter's load that is missing at midsummer where a usual load is stated for the present. */
const statedSummerDip = 0.15

/** Curves from a usual load that is stated in steps by local time, W: shares of its highest, negative where it feeds back. */
export function curvesOfSteps(steps: readonly { from: string; loadW: number }[]): DayCurves & { highestW: number } {
  const highestW = Math.max(...steps.map(({ loadW }) => Math.abs(loadW)))
  const working = Array.from({ length: slots }, (_, slot) => {
    const step = steps.findLast(({ from }) => from <= clockOf(slot))
    if (!step) throw new Error('a usual load does not start at 00:00')
    return step.loadW / highestW
  })
  return { working, resting: working.map((share) => share * (1 - restDip)), summerDip: statedSummerDip, highestW }
}

function clockOf(slot: number): string {
  return `${String(Math.floor(slot / 2)).padStart(2, '0')}:${slot % 2 === 0 ? '00' : '30'}`
}

/** A place whose history is made up. */
export interface LoadPlace {
  /** The same identifier and seed give the same history. */
  id: string
  seed: number
  curves: DayCurves
  /** What it never exceeds, in either direction, W. */
  peakW: number
  /** How much lower a day, and a half-hour of it, may be than its curve, as shares; the usual where it is left out. */
  noise?: { day: number; halfHour: number }
}

const usualNoise = { day: 0.1, halfHour: 0.06 }

/** What all places share of a day. */
interface DayFrame {
  startMs: number
  slots: number[]
  isWorking: boolean
  /** 0 at midwinter, 1 at midsummer. */
  summer: number
}

/** The coldest time of the year is in the middle of January. */
const midwinterDay = 15

const frameOf = rememberedByDay((day: LocalDate): DayFrame => {
  const slotsOfDay = periodStarts(day, 'PT30M').map((start) => {
    const [hour = 0, minute = 0] = clockTimeOf(start).split(':').map(Number)
    return hour * 2 + (minute >= 30 ? 1 : 0)
  })
  const angle = (2 * Math.PI * (day.dayOfYear() - midwinterDay)) / 365.25
  return {
    startMs: dayStart(day).toEpochMilli(),
    slots: slotsOfDay,
    isWorking: isWorkingDay(day),
    summer: (1 - Math.cos(angle)) / 2,
  }
})

/**
 * The made-up load of a place on a trading day, whole W by half-hour: 46, 48 or 50 of them. It follows from place and day alone, so that days may
 * be made in any order.
 */
export function syntheticDay({ id, seed, curves, peakW, noise = usualNoise }: LoadPlace, day: LocalDate) {
  const { startMs, slots: own, isWorking, summer } = frameOf(day)
  const chance = chances(seedFor(seed, `${id} ${day.toEpochDay()}`))
  const level = peakW * (1 - curves.summerDip * summer) * (1 - noise.day * chance())
  const curve = isWorking ? curves.working : curves.resting
  const meanW = own.map((slot) => Math.round(level * (curve[slot] ?? 0) * (1 - noise.halfHour * chance())))
  return { startMs, meanW }
}
