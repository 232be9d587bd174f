import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import type { Direction } from '../../../../schemas/vocabulary/units.ts'
import { historyOf } from '../../baselines/histories.ts'
import { rememberedPeriods } from './contracted.ts'
import { shareOfLimit } from './site-rules.ts'
import { sitesOf } from './sites.ts'

const day = LocalDate.parse('2026-01-20')
const quarterMs = 900_000
/** The quarter-hour of 2026-01-20 at a time of day; London is on UTC. */
const at = (time: string) => Instant.parse(`2026-01-20T${time}:00Z`)

const unit: FlexibleUnit = {
  fuId: 'depot',
  fspId: 'f',
  name: 'Depot',
  derIds: [],
  connectionId: 'c',
  nodeId: 'n',
  groupId: null,
  maxTurnDownW: 60_000,
  registeredTurnDownW: 60_000,
  maxTurnUpW: 0,
  registeredTurnUpW: 0,
  directions: ['turn-down'],
  canExport: false,
  limits: null,
  isWholeSite: false,
  inService: true,
}

const agreement = (limitW: number) => {
  const whole = [{ from: '00:00', limitW }]
  const limits = { weekday: whole, weekend: whole }
  return { version: 1, validFrom: day, validTo: day, fallbackLimitW: null, limits }
}

/** A depot of 60 kW beside a building of 20 kW, with a dynamic limit from 17:00 to 17:30. */
function depot(dynamicW: number | null, agreedW?: number, exportKva?: number) {
  const energyWh = periodStarts(day, 'PT15M').map(() => 15_000)
  const metered = { energyWh, revisions: energyWh.map(() => 1), sources: null, marks: energyWh.map(() => null) }
  const histories = new Map([['depot', historyOf(new Map([[day.toEpochDay(), metered]]), [], undefined)]])
  const halfHours = Array.from(
    { length: 48 },
    (_, n) => [dayStart(day).toEpochMilli() + n * 2 * quarterMs, 40_000] as const,
  )
  const sites = sitesOf({
    siteTerms: new Map([
      [
        'c',
        {
          ascKva: 100,
          exportKva: exportKva ?? null,
          powerFactor: 1,
          agreements: agreedW === undefined ? [] : [agreement(agreedW)],
        },
      ],
    ]),
    units: [unit],
    contracts: [],
    terms: new Map(),
    contracted: rememberedPeriods(),
    members: { on: () => ({ ders: 1, ratedW: 60_000 }) },
    halfHours: new Map([['c', new Map(halfHours)]]),
    dynamic: new Map(
      dynamicW === null
        ? []
        : [['c', [{ fromMs: at('17:00').toEpochMilli(), toMs: at('17:30').toEpochMilli(), limitW: dynamicW }]]],
    ),
  })
  return (time: string, way: Direction = 'turn-down', baselineWh = 15_000) =>
    sites.at('depot', at(time), baselineWh, histories, way)
}

test('turn-down that a dynamic limit required anyway is under the double-pay guard while that limit runs, and only then', () => {
  const site = depot(60_000)
  // 60 kW are 15,000 Wh a quarter-hour; the building takes 5,000 of them, so 10,000 of the depot's 15,000 Wh were allowed.
  expect(site('17:00')).toEqual({ limitWh: 15_000, restWh: 5_000, baselinesWh: 15_000 })
  expect(shareOfLimit(site('17:15') as NonNullable<ReturnType<typeof site>>, 15_000)).toBe(10_000)
  // Before and after it there is only the ASC, which asks nothing of a connection without an agreement.
  expect([site('16:45'), site('17:30')]).toEqual([null, null])
})

test('of an agreed and a dynamic limit the lower one guards; the higher one changes nothing', () => {
  // 72 kW agreed all day: 18,000 Wh; 60 kW are 15,000 Wh, 90 kW would be 22,500 Wh.
  const [lower, higher] = [depot(60_000, 72_000), depot(90_000, 72_000)]
  expect(['16:45', '17:00', '17:30'].map((time) => lower(time)?.limitWh)).toEqual([18_000, 15_000, 18_000])
  expect(['16:45', '17:00', '17:30'].map((time) => higher(time)?.limitWh)).toEqual([18_000, 18_000, 18_000])
})

test('a dynamic limit above the ASC leaves a connection without an agreement unguarded', () => {
  expect(depot(120_000)('17:00')).toBeNull()
})

test('an export capacity alone guards turn-down only; beside an agreed limit both are told, and exports count as such', () => {
  const exporting = depot(null, undefined, 40)
  // 40 kVA are 10,000 Wh a quarter-hour. No import limit is agreed, and the building takes 5,000 Wh.
  const own = { limitWh: 10_000, baselinesWh: 15_000, turnDownWh: 0 }
  expect(exporting('17:00')).toEqual({ limitWh: null, restWh: 5_000, baselinesWh: 15_000, export: own })
  expect(exporting('17:00', 'turn-up')).toBeNull()
  expect(depot(null, 72_000, 40)('17:00', 'turn-down', -2_000)).toEqual({
    limitWh: 18_000,
    restWh: 5_000,
    baselinesWh: 0,
    export: { ...own, baselinesWh: -2_000 },
  })
  // 0 kVA allows none, and not stated is no limit.
  expect(depot(null, undefined, 0)('17:00')?.export?.limitWh).toBe(0)
  expect(depot(null)('17:00')).toBeNull()
})
