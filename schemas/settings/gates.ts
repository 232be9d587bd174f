import { z } from 'zod'
import type { GatesByKind } from '../market/gates.ts'
import type { ProductKind } from '../market/products.ts'
import { type Setting, setting, type ValuesOf } from '../vocabulary/setting.ts'

/** A gate as a figure: `D-1 18:00` is at 18:00 on the day before the trading day, `D 12:00` at noon of the day itself. */
const form = /^D(?:-([1-7]))? (([01]\d|2[0-3]):(?:00|15|30|45))$/

/** The gates of products of a kind, until a timetable states others. @param latest what goes out then must have closed by then. */
function gatesOf(kind: ProductKind, words: string, latest: string | null, usual: { early: string; late: string }) {
  const gate = z
    .string()
    .max(9)
    .regex(form, 'must be a day and a quarter-hour such as D-1 18:00 or D 12:00')
    .refine((text) => latest === null || orderOf(text) <= orderOf(latest), `must be at or before ${latest}`)
  return setting({
    id: `market.gates-${kind}`,
    title: `Gates of ${words}`,
    description: `Until when schedules are accepted for ${words} whose timetable nobody has changed. D is the trading day, D-1 the day before.`,
    source: 'Report section 2.3 (submission gates before each product’s dispatch)',
    figures: { baseline: gate, cost: gate, deviation: gate, availability: gate },
    defaults: { baseline: usual.early, cost: usual.early, deviation: usual.late, availability: usual.late },
  })
}

/** Later gates sort after earlier ones. */
function orderOf(text: string): number {
  const [, days = '0', at = '00:00'] = form.exec(text) ?? []
  return -Number(days) * 1_440 + Number(at.slice(0, 2)) * 60 + Number(at.slice(3))
}

/** The default gates by kind of product: none closes after the default timetable of the kind issues the window. */
export const defaultGateSettings = {
  'forward-option': gatesOf('forward-option', 'forward options', null, { early: 'D-1 18:00', late: 'D 12:00' }),
  'day-ahead': gatesOf('day-ahead', 'day-ahead products', 'D-1 20:00', { early: 'D-1 18:00', late: 'D-1 18:00' }),
  intraday: gatesOf('intraday', 'intraday products', 'D 12:00', { early: 'D-1 18:00', late: 'D 12:00' }),
} satisfies Record<ProductKind, Setting>

/** The figures as gates. */
export function gatesFrom(figures: ValuesOf<(typeof defaultGateSettings)['intraday']>): GatesByKind {
  const read = (text: string) => {
    const [, days = '0', at = '00:00'] = form.exec(text) ?? []
    return { daysBefore: Number(days), at }
  }
  const { baseline, cost, deviation, availability } = figures
  return { baseline: read(baseline), cost: read(cost), deviation: read(deviation), availability: read(availability) }
}
