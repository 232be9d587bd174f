import { LocalDate } from '@js-joda/core'
import type { z } from 'zod'
import type { Assessment, ProfileApplication, ProfileVersion, profileDay } from '../../../schemas/grid/profiles.ts'
import { isWeekend, localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { connections } from './fixtures.ts'

const limits: ProfileApplication['limits'] = {
  weekday: [
    { from: '00:00', limitW: 180_000 },
    { from: '16:00', limitW: 190_000 },
    { from: '20:00', limitW: 180_000 },
  ],
  weekend: [{ from: '00:00', limitW: 200_000 }],
}

export const applicationId = '00000000-0000-4000-8000-001600000001'

/** An application by somebody else, and the version that holds now. */
export function versions(): ProfileVersion[] {
  const dartford = connections()[2]
  const base = {
    connectionId: dartford?.connectionId ?? '',
    connectionName: 'Dartford',
    limits,
    source: 'portal' as const,
    editedBy: null,
    decidedBy: null,
    decidedAt: null,
    reason: null,
  }
  return [
    {
      ...base,
      profileId: applicationId,
      version: 2,
      state: 'applied',
      validFrom: '2026-04-01',
      validTo: '2027-03-31',
      fallbackLimitW: 150_000,
      note: 'Second charging hall',
      revision: 3,
      appliedBy: 'planner-2',
      appliedAt: '2026-01-14T10:15:00Z',
    },
    {
      ...base,
      profileId: '00000000-0000-4000-8000-000100000002',
      version: 1,
      state: 'approved',
      validFrom: '2025-10-01',
      validTo: '2027-09-30',
      fallbackLimitW: null,
      note: '',
      revision: 1,
      appliedBy: 'seed',
      appliedAt: '2025-09-01T09:00:00Z',
      decidedBy: 'planner',
      decidedAt: '2025-09-10T13:40:00Z',
    },
  ]
}

export function assessment(profileId: string): Assessment {
  const times = Array.from(
    { length: 48 },
    (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 ? '30' : '00'}`,
  )
  const cell = (season: 'winter' | 'summer', dayType: 'weekday' | 'weekend') => ({
    season,
    dayType,
    day: null,
    profileSeason: null,
    periods: times.map((from) => {
      const requestedW = dayType === 'weekend' ? 200_000 : from >= '16:00' && from < '20:00' ? 190_000 : 180_000
      const peak = season === 'winter' && dayType === 'weekday' && from >= '16:30' && from < '19:30'
      const availableW = peak ? 168_000 : 240_000 - (from >= '12:00' ? 20_000 : 0)
      const excessW = Math.max(0, requestedW - availableW)
      return { from, requestedW, presentW: 155_000, availableW, bindingNodeId: 'lpn-dartford-lv', excessW }
    }),
  })
  return {
    profileId,
    at: '2026-01-15T17:52:00Z',
    fits: false,
    cells: [cell('winter', 'weekday'), cell('winter', 'weekend'), cell('summer', 'weekday'), cell('summer', 'weekend')],
    nodes: [
      {
        nodeId: 'lpn-dartford-lv',
        name: 'Dartford 415 V',
        kind: 'secondary',
        capacityWinterW: 418_000,
        capacitySummerW: 376_000,
        background: 'history',
      },
      {
        nodeId: 'lpn-dartford-lv-hv',
        name: 'Dartford 11 kV',
        kind: 'primary',
        capacityWinterW: 14_250_000,
        capacitySummerW: 12_800_000,
        background: 'highest-demand',
      },
      {
        nodeId: 'lpn-west-ham-gsp',
        name: 'West Ham GSP',
        kind: 'gsp',
        capacityWinterW: null,
        capacitySummerW: null,
        background: 'unknown',
      },
    ],
    refusals: [{ when: 'Winter weekdays, 16:30 to 19:30', message: '22.0 kW more than Dartford 415 V can carry' }],
  }
}

export function preview(given: ProfileApplication['limits'], day: string): z.infer<typeof profileDay> {
  const date = LocalDate.parse(day)
  const steps = isWeekend(date) ? given.weekend : given.weekday
  const periods = periodStarts(date, 'PT30M').map((at) => {
    const localTime = localTimeOf(at).toLocalTime().toString().slice(0, 5)
    return { from: at.toString(), localTime, limitW: steps.findLast((step) => step.from <= localTime)?.limitW ?? 0 }
  })
  return { tradingDay: day, periods, remark: periods.length === 48 ? null : 'The clock changes on this day.' }
}
