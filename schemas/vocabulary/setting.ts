import { z } from 'zod'

/** What a value of a setting can be. */
export type SettingValue = number | boolean | string | readonly number[]

/**
 * A group of figures that a DNO may change, stated once: its form, the values that hold until somebody changes them, and where those
 * come from. `version` 0 are the defaults.
 */
export interface Setting<Values extends Record<string, SettingValue> = Record<string, SettingValue>> {
  /** `wing.subject`. */
  readonly id: string
  readonly title: string
  /** What the figures decide, for the person who changes them. */
  readonly description: string
  /** Where the defaults come from: a clause or a section of the report. */
  readonly source: string
  readonly defaults: Values
  /** Whether figures lie within the bounds; unknown names are refused. */
  check(given: unknown): z.ZodSafeParseResult<Values>
}

/** States a setting by the form of its figures. Units stand in their names. */
export function setting<const Shape extends Record<string, z.ZodType<SettingValue>>>({
  figures,
  ...stated
}: Omit<Setting, 'defaults' | 'check'> & { figures: Shape; defaults: Figures<Shape> }): Setting<Figures<Shape>> {
  const schema = z.strictObject(figures)
  return { ...stated, check: (given) => schema.safeParse(given) as z.ZodSafeParseResult<Figures<Shape>> }
}

type Figures<Shape extends Record<string, z.ZodType>> = { [K in keyof Shape]: z.output<Shape[K]> }

/** The values of a setting. */
export type ValuesOf<S> = S extends Setting<infer Values> ? Values : never
