import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanAsset } from '../../../../schemas/planning/sites/assets.ts'
import { glossary } from '../help/words.ts'
import { lacksOf, type Plan, withGroup } from './assets.ts'
import { differencesOf } from './forms/differences.ts'
import { draftOf, readDraft } from './forms/draft.ts'
import { contractOf, type FormKind, members, starts } from './forms/members.ts'
import { axisOf, rowsOf, seriesOf, spanOf } from './week-series.ts'
import { capacityInWords, daysInWords, newestOf, weekTime } from './words.ts'

const kinds = Object.keys(members) as FormKind[]
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`

describe('the forms', () => {
  test.each(kinds)('ask for everything that the contract of a %s has, and begin with it', (kind) => {
    const asked = Object.keys(members[kind]).toSorted()
    expect(asked).toEqual(Object.keys(contractOf(kind).shape).toSorted())
    expect(Object.keys(starts[kind].content).toSorted()).toEqual(asked)
  })

  test.each(kinds)('explain every field of a %s that is not named by what is chosen', (kind) => {
    const silent = Object.values(members[kind]).filter(({ hint, input }) => !hint && !input?.endsWith('type'))
    expect(silent).toEqual([])
  })

  test.each(kinds.filter((kind) => kind !== 'group'))('begin a %s with figures that are taken as they are', (kind) => {
    const { form, faults } = readDraft(kind, draftOf({ ...starts[kind], name: 'Some name' }))
    expect([form?.kind, [...faults]]).toEqual([kind, []])
  })

  test('store what was stored when nothing is changed', () => {
    const content = fc.record({
      usableKwh: fc.double({ min: 0.1, max: 2_000, noNaN: true }),
      kwhPerMile: fc.double({ min: 0.01, max: 10, noNaN: true }),
      acKw: fc.integer({ min: 1, max: 100 }),
      dcKw: fc.option(fc.integer({ min: 1, max: 2_000 })),
      purchaseGbp: fc.constantFrom('0', '42000', '1250.50'),
      maintenanceGbpPerYear: fc.constant('350'),
    })
    fc.assert(
      fc.property(content, (given) => {
        expect(readDraft('ev-type', draftOf({ name: 'Van', content: given })).form?.content).toEqual(given)
      }),
    )
  })

  test('say what is wrong in our words, beside the field it is about', () => {
    const { form, faults } = readDraft('group', {
      name: ' ',
      content: { ...draftOf(starts.group).content, count: '1.5', milesPerDay: '', leaves: 'early', days: [0] },
    })
    expect(form).toBeNull()
    expect(Object.fromEntries(faults)).toEqual({
      name: 'Give it a name.',
      count: 'Give a number from 1 to 5000.',
      evTypeId: 'Choose one.',
      leaves: 'It must be a time of day such as 06:30.',
      milesPerDay: 'Give a number from 0 to 2000.',
      chargePointTypeId: 'Choose one.',
    })
  })

  test('name the price that is wrong among several', () => {
    const band = { days: [0], from: '00:00', to: '07:00', pencePerKwh: '14' }
    const read = (second: object) =>
      readDraft('tariff', {
        name: 'Tariff',
        content: { pencePerKwh: '28', capacityPencePerKvaDay: '0', bands: [band, { ...band, ...second }] },
      }).faults.get('bands')
    expect(read({ pencePerKwh: 'cheap' })).toBe('Price 2: give a number of pence.')
    expect(read({ from: '00:10' })).toBe('Price 2 must be a half-hour of the day such as 06:30.')
    expect(read({})).toBeUndefined()
  })
})

describe('two edits of the same thing', () => {
  const version = (content: object, name = 'Large van') => ({
    name,
    content: { ...starts['ev-type'].content, ...content },
  })

  test('stand side by side where any of them differs, whether entered or stored', () => {
    const began = draftOf(version({ usableKwh: 60 }))
    const mine = draftOf(version({ usableKwh: 75 }))
    const theirs = draftOf(version({ usableKwh: 60, acKw: 11, dcKw: 50 }, 'Long van'))
    expect(differencesOf('ev-type', { began, theirs, mine }, [])).toEqual([
      { label: 'Name', began: 'Large van', theirs: 'Long van', mine: 'Large van' },
      { label: 'Battery', began: '60 kWh', theirs: '60 kWh', mine: '75 kWh' },
      { label: 'Charges at most with', began: '7.4 kW', theirs: '11 kW', mine: '7.4 kW' },
      { label: 'Charges at rapid charge points with', began: 'not stated', theirs: '50 kW', mine: 'not stated' },
    ])
  })
})

describe('a plan', () => {
  const stored = { etag: '1', changedAt: '2026-01-15T09:00:00Z', changedBy: 'carl' }
  const options = { dc: false, taper: false, solar: null, battery: null }
  const plan = (groupIds: string[], chargePoints: Plan['content']['chargePoints']): Plan => ({
    ...stored,
    assetId: id(1),
    kind: 'scenario',
    name: 'A plan',
    content: { siteId: id(2), groupIds, chargePoints, tariffId: null, costsId: null, profile: null, options },
  })
  const group = (assetId: string, count: number) =>
    ({
      ...stored,
      assetId,
      kind: 'group',
      name: 'Day round',
      content: {
        count,
        evTypeId: id(8),
        chargePointTypeId: id(9),
        days: [0],
        leaves: '07:00',
        returns: '16:00',
        milesPerDay: 40,
      },
    }) satisfies PlanAsset

  test('gets with a group as many charge points as its vehicles need, and keeps those that it has', () => {
    const fresh = withGroup(plan([], []).content, group(id(3), 7), 2)
    expect(fresh).toMatchObject({ groupIds: [id(3)], chargePoints: [{ chargePointTypeId: id(9), count: 4 }] })
    expect(withGroup(fresh, group(id(4), 20), 2)).toMatchObject({
      groupIds: [id(3), id(4)],
      chargePoints: [{ chargePointTypeId: id(9), count: 4 }],
    })
    expect(withGroup(fresh, group(id(3), 7), 2)).toEqual(fresh)
  })

  test('says what it lacks before it can be run', () => {
    expect(lacksOf([], plan([], []))).toMatchObject([{ step: 'vehicles' }])
    const known = [group(id(3), 7)]
    expect(lacksOf(known, plan([id(3)], []))).toEqual([
      { step: 'charge-points', text: 'Day round uses charge points that the plan does not have.' },
    ])
    expect(lacksOf(known, plan([id(3)], [{ chargePointTypeId: id(9), count: 1 }]))).toEqual([])
  })

  test('shows of each scenario the newest result that is finished', () => {
    const run = (runId: string, scenario: 'base' | 'unmanaged', state: 'finished' | 'failed') =>
      ({ runId, scenarioId: id(1), scenario, state }) as Parameters<typeof newestOf>[0][number]
    const runs = [
      run('4', 'unmanaged', 'failed'),
      run('3', 'unmanaged', 'finished'),
      run('2', 'base', 'finished'),
      run('1', 'unmanaged', 'finished'),
    ]
    expect(newestOf(runs, id(1)).map(({ runId }) => runId)).toEqual(['2', '3'])
    expect(newestOf(runs, id(2))).toEqual([])
  })
})

describe('a typical week', () => {
  const week = Array.from({ length: 336 }, (_, t) => t)

  test('has for a day type the most of its days, half-hour by half-hour', () => {
    expect(spanOf(week, 'weekday')).toEqual(week.slice(4 * 48, 5 * 48))
    expect(spanOf(week, 'weekend')).toEqual(week.slice(6 * 48))
  })
  test('ends its last half-hour where the axis ends, with the agreed capacity over the whole of it', () => {
    for (const span of ['week', 'weekday'] as const) {
      const [line, limit] = seriesOf([{ label: 'Site', colour: 'accent', kw: week }], span, 100)
      expect(line?.points.at(-1)?.x).toBe(axisOf(span).to)
      expect(limit?.points).toEqual([
        { x: 0, y: 100 },
        { x: axisOf(span).to, y: 100 },
      ])
      expect(rowsOf([{ label: 'Site', colour: 'accent', kw: week }], span)).toHaveLength(axisOf(span).to)
    }
  })
  test('names its half-hours and its days as people do', () => {
    expect([weekTime(0), weekTime(35), weekTime(335)]).toEqual(['Mon 00:00', 'Mon 17:30', 'Sun 23:30'])
    expect([[0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6], [4, 0], [], [5, 6]].map(daysInWords)).toEqual([
      'Monday to Friday',
      'every day',
      'Mon, Fri',
      'never',
      'Sat, Sun',
    ])
  })
  test('says whether the agreed capacity is enough, and not that it is where it is not known', () => {
    const told = (extraKva: number | null) =>
      capacityInWords({ capacityKva: 187.2, extraKva }).replaceAll('\u00a0', ' ')
    expect(told(0)).toBe('The site needs 188 kVA. Your agreed capacity is enough.')
    expect(told(77.2)).toBe('The site needs 188 kVA. That is 78 kVA more than you have agreed.')
    expect(told(null)).toContain('is not known')
  })
})

test('the glossary has each word once, in order', () => {
  const words = glossary.map(({ word }) => word)
  expect(words).toEqual(words.toSorted((a, b) => a.localeCompare(b)))
  expect(new Set(glossary.map(({ key }) => key)).size).toBe(words.length)
})
