import { LocalDate } from '@js-joda/core'
import { type LoadForecastValues, nodeLoadW } from '../../../../schemas/planning/load.ts'
import { periodCount } from '../../../../schemas/vocabulary/time.ts'
import type { Resolution } from '../../../../schemas/vocabulary/units.ts'
import { valuesOfDay } from '../../../shared/typed-lists.ts'

interface Typed {
  day: string
  resolution: Resolution
  /** Mean loads in kW, one per period, as they are pasted: one per line or side by side. */
  text: string
}

/** A day’s forecast as the API takes it, or what is wrong with what was typed. One value stands for every period of the day. */
export function readTyped({ day, resolution, text }: Typed): { body: LoadForecastValues | null; fault: string | null } {
  const periods = periodCount(LocalDate.parse(day), resolution)
  const { cells, fault } = valuesOfDay(text, periods)
  if (fault !== null) return { body: null, fault }
  const values = cells.map((cell) => Number(cell) * 1_000)
  const over = values.findIndex((watts) => !nodeLoadW.safeParse(watts).success)
  if (over >= 0)
    return {
      body: null,
      fault: `“${cells[over]}”, value ${over + 1}, is more than any node carries: enter kW, at most 10,000,000.`,
    }
  return { body: { resolution, values }, fault: null }
}
