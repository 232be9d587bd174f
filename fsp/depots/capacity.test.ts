import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { type CapacitySources, capacityAt } from './capacity.ts'
import { headroomW } from './rules.ts'

const everyDay = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const sources: CapacitySources = {
  depot: {
    ascKva: 200,
    powerFactor: 0.95,
    profile: { weekday: [{ from: '00:00', limitW: 150_000 }], weekend: [{ from: '00:00', limitW: 180_000 }] },
  },
  country: 'ENG',
  agreed: null,
  calendar: [
    {
      depotId: 'yard',
      name: 'Evening',
      from: '2026-06-04',
      to: '2026-06-05',
      weekdays: [...everyDay],
      steps: [
        { from: '00:00', limitW: 500_000 },
        { from: '17:00', limitW: 80_000 },
        { from: '19:00', limitW: 500_000 },
      ],
    },
  ],
  events: [],
  dnoLimit: () => null,
  uses: { profiledConnection: true, flexibility: true },
}
const of = (at: string, change: Partial<CapacitySources> = {}) => {
  const { capacityW, binding } = capacityAt({ ...sources, ...change }, Instant.parse(at))
  return [capacityW, binding.source]
}

test('SET01 H8 the capacity is the least of connection × power factor, profile, calendar and the DNO’s limit, with its reason', () => {
  // Summer: 17:00 to 19:00 local time are 16:00 to 18:00 UTC.
  expect([of('2026-06-04T15:59:00Z'), of('2026-06-04T16:00:00Z'), of('2026-06-04T18:00:00Z')]).toEqual([
    [150_000, 'own-profile'],
    [80_000, 'calendar'],
    [150_000, 'own-profile'],
  ])
  // 200 kVA × 0.95.
  expect(of('2026-06-04T16:00:00Z', { uses: { profiledConnection: false, flexibility: true } })).toEqual([
    190_000,
    'connection',
  ])
  const dno = (limitW: number, isFailSafe: boolean) => ({ dnoLimit: () => ({ limitW, isFailSafe }) })
  expect([of('2026-06-04T16:00:00Z', dno(70_000, false)), of('2026-06-04T12:00:00Z', dno(60_000, true))]).toEqual([
    [70_000, 'dynamic-limit'],
    [60_000, 'fail-safe'],
  ])
})

test('H11 a calendar covers its first and its last day, and only the days of the week that it names', () => {
  expect([of('2026-06-05T16:30:00Z'), of('2026-06-06T16:30:00Z'), of('2026-06-03T16:30:00Z')]).toEqual([
    [80_000, 'calendar'],
    [180_000, 'own-profile'],
    [150_000, 'own-profile'],
  ])
  const fridays = { calendar: sources.calendar.map((each) => ({ ...each, weekdays: ['friday' as const] })) }
  expect([of('2026-06-04T16:30:00Z', fridays), of('2026-06-05T16:30:00Z', fridays)]).toEqual([
    [150_000, 'own-profile'],
    [80_000, 'calendar'],
  ])
})

test('H12 the event of the trial’s figure 19: available capacity falls from 206 to 5 kW, and the vehicles’ room with it', () => {
  const depot = { ascKva: 206, powerFactor: 1, profile: sources.depot.profile }
  const event = {
    depotId: 'yard',
    name: 'Turn-down',
    from: '2026-06-03T16:00:00Z',
    to: '2026-06-03T17:00:00Z',
    reductionW: 201_000,
    state: 'agreed' as const,
  }
  const given = { depot, events: [event], uses: { profiledConnection: false, flexibility: true } }
  const [before, during, after] = ['15:59', '16:00', '17:00'].map((time) => of(`2026-06-03T${time}:00Z`, given))
  expect([before, during, after]).toEqual([
    [206_000, 'connection'],
    [5_000, 'flexibility-event'],
    [206_000, 'connection'],
  ])
  const load = { siteLoadW: 20_700, evLoadW: 20_700, bufferW: 0 }
  expect([headroomW({ capacityW: 206_000, ...load }), headroomW({ capacityW: 5_000, ...load })]).toEqual([
    206_000, 5_000,
  ])
})

test('H16 without flexibility events take nothing, and what is offered never does', () => {
  const event = {
    depotId: 'yard',
    name: 'Other',
    from: '2026-06-03T12:00:00Z',
    to: '2026-06-03T13:00:00Z',
    reductionW: 100_000,
  }
  const offered = { events: [{ ...event, state: 'offered' as const }] }
  const agreed = { events: [{ ...event, state: 'agreed' as const }] }
  expect([of('2026-06-03T12:30:00Z', offered), of('2026-06-03T12:30:00Z', agreed)]).toEqual([
    [150_000, 'own-profile'],
    [50_000, 'flexibility-event'],
  ])
  const off = { ...agreed, uses: { profiledConnection: true, flexibility: false } }
  expect(of('2026-06-03T12:30:00Z', off)).toEqual([150_000, 'own-profile'])
})
