import { describe, expect } from 'vitest'
import { z } from 'zod'
import { type PlanInput, type PlanResult, planInput } from '../../../../schemas/planning/sites/plan.ts'
import { testCases } from '../../../../test/support/cases.ts'
import { dayName } from '../engine/impossible.ts'
import { planSite } from '../engine/plan.ts'
import { minuteOf } from '../engine/week.ts'

const steps = z.array(z.tuple([z.string(), z.number()])).min(1)

/** The input of a plan, with the background load of a weekday and of a day of the weekend in steps, kW. */
const input = z
  .looseObject({ background: z.strictObject({ weekday: steps, weekend: steps }) })
  .transform(({ background, ...rest }, context): PlanInput => {
    const backgroundKw = Array.from({ length: 336 }, (_, t) =>
      valueAt(t < 5 * 48 ? background.weekday : background.weekend, (t % 48) * 30),
    )
    const found = planInput.safeParse({ ...rest, backgroundKw })
    if (found.success) return found.data
    for (const { path, message } of found.error.issues) context.addIssue({ code: 'custom', path: [...path], message })
    return z.NEVER
  })

const byHalfHour = z.record(z.string(), z.number())
const part = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape).partial()

/** What a case is about; members that it leaves out are not compared. Powers by half-hour are named `Monday 00:30`. */
const expected = part({
  peakKw: z.number(),
  peakAt: z.string(),
  capacityKva: z.number(),
  extraKva: z.number().nullable(),
  chargedKwh: z.number(),
  drivenKwh: z.number(),
  missingAtEndKwh: z.number(),
  excessKw: z.number(),
  chargingKw: byHalfHour,
  siteKw: byHalfHour,
  money: z.record(z.string(), z.unknown()),
  search: z.record(z.string(), z.unknown()),
  impossible: z.array(z.record(z.string(), z.unknown())),
  notes: z.array(z.string()),
})

/** 1 W. */
const tolerance = 0.001_1

function valueAt(given: z.infer<typeof steps>, minute: number): number {
  return given.filter(([from]) => minuteOf(from) <= minute).at(-1)?.[1] ?? 0
}

const nameOf = (t: number) =>
  `${dayName(Math.floor(t / 48))} ${String(Math.floor((t % 48) / 2)).padStart(2, '0')}:${t % 2 ? '30' : '00'}`

function actualOf(result: PlanResult) {
  const named = (kw: readonly number[]) => Object.fromEntries(kw.map((value, t) => [nameOf(t), value]))
  return {
    ...result,
    peakAt: `${dayName(result.peakDay)} ${result.peakFrom}`,
    drivenKwh: result.groups.reduce((sum, group) => sum + group.drivenKwh, 0),
    chargingKw: named(result.chargingKw),
    siteKw: named(result.siteKw),
    notes: result.notes.map(({ about }) => about),
  }
}

/** A number as one that differs by the tolerance at most, in lists and objects too. */
function near(value: unknown): unknown {
  if (typeof value === 'number')
    return expect.toSatisfy((found: number) => Math.abs(found - value) <= tolerance, `${value}`)
  if (Array.isArray(value)) return value.map(near)
  if (typeof value !== 'object' || value === null) return value
  return expect.objectContaining(Object.fromEntries(Object.entries(value).map(([name, each]) => [name, near(each)])))
}

describe('plans of sites', () => {
  testCases(import.meta.dirname, { input, expected }, async (given, wanted) => {
    expect(actualOf(await planSite(given))).toEqual(near(wanted))
  })
})
