import { LocalDate } from '@js-joda/core'
import { describe, expect, test } from 'vitest'
import type { NodeHeadroom } from '../../../../schemas/grid/network.ts'
import type { Assessment, ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { draftOf, readDraft } from '../../../shared/profiles/draft.ts'
import { gridOf, pasted, stepsFault, stepsOfGrid } from '../../../shared/profiles/steps.ts'
import { highestLimitW } from '../../../shared/profiles/words.ts'
import { forecastInWords, forecastSeries } from '../network/forecast.ts'
import { backgroundInWords, capacityInWords, headroomInWords, headroomSeries, unitOf } from '../network/headroom.ts'
import { cellSeries, dayOfCell } from './cells.ts'
import { differencesOf } from './differences.ts'
import { cellInWords, cellResult, missingInWords } from './words.ts'

const version: ProfileVersion = {
  profileId: 'p',
  connectionId: 'c',
  connectionName: 'Dartford',
  version: 2,
  state: 'applied',
  validFrom: '2026-04-01',
  validTo: '2027-03-31',
  fallbackLimitW: 150_000,
  note: 'Second charging hall',
  limits: {
    weekday: [
      { from: '00:00', limitW: 180_000 },
      { from: '16:00', limitW: 190_000 },
      { from: '20:00', limitW: 180_000 },
    ],
    weekend: [{ from: '00:00', limitW: 200_000 }],
  },
  source: 'portal',
  revision: 3,
  appliedBy: 'planner-2',
  appliedAt: '2026-01-14T10:15:00Z',
  editedBy: null,
  decidedBy: null,
  decidedAt: null,
  reason: null,
  assumption: null,
}

/** Weekdays of a season, on which 168 kW are left from 16:30 to 19:30 in winter. */
function cellOf(season: 'winter' | 'summer'): Assessment['cells'][number] {
  const periods = Array.from({ length: 48 }, (_, i) => {
    const from = `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 ? '30' : '00'}`
    const requestedW = from >= '16:00' && from < '20:00' ? 190_000 : 180_000
    const availableW = season === 'winter' && from >= '16:30' && from < '19:30' ? 168_000 : 220_000
    const excessW = Math.max(0, requestedW - availableW)
    return { from, requestedW, presentW: 155_000, availableW, bindingNodeId: 'n', excessW }
  })
  return { season, dayType: 'weekday', day: null, profileSeason: null, periods }
}
const [winter, summer] = [cellOf('winter'), cellOf('summer')]

/** A node of 171 MW with a peak at 20:00 local time, when 34.17 MW are left. */
function headroom(tradingDay: string): NodeHeadroom {
  const periods = periodStarts(LocalDate.parse(tradingDay), 'PT30M').map((from, i) => {
    const [capacityW, agreedW, backgroundW] = [171_000_000, 64_980_000, i === 40 ? 71_850_000 : 50_000_000]
    return {
      from: from.toString(),
      to: from.plusSeconds(1_800).toString(),
      capacityW,
      measuredW: null,
      backgroundW,
      agreedW,
      headroomW: capacityW - backgroundW - agreedW,
    }
  })
  const capacity = {
    season: 'winter',
    ratingKva: 190_000,
    firmCapacityKva: 180_000,
    reservedKva: null,
    powerFactor: 0.95,
  } as const
  return { nodeId: 'n', tradingDay, background: 'history', capacity, loadSources: ['measured'], periods }
}
const nbsp = (text: string) => text.replaceAll('\u00a0', ' ')

describe('a profile as it is typed', () => {
  test('goes there and back unchanged, seasons and single days kept', () => {
    const exceptions = [{ day: '2026-12-25', steps: [{ from: '00:00', limitW: 1_000 }] }]
    const withExceptions = { ...version, limits: { ...version.limits, exceptions } }
    const { application, faults } = readDraft(draftOf(withExceptions))
    expect(faults.size).toBe(0)
    expect(application).toEqual({
      validFrom: version.validFrom,
      validTo: version.validTo,
      fallbackLimitW: 150_000,
      note: 'Second charging hall',
      limits: withExceptions.limits,
    })
  })
  test('falls back to the agreed supply capacity when the limit after expiry is left empty', () => {
    expect(readDraft({ ...draftOf(version), fallbackKw: ' ' }).application?.fallbackLimitW).toBeNull()
  })
  test('is refused where steps do not tile the day or have no limit', () => {
    expect(stepsFault([{ from: '06:00', kw: '1' }])).toBe('The first step must begin at 00:00.')
    expect(
      stepsFault([
        { from: '00:00', kw: '1' },
        { from: '00:00', kw: '1' },
      ]),
    ).toBe('The step from 00:00 must begin later than the one before it.')
    expect(stepsFault([{ from: '00:00', kw: '-1' }])).toBe('The step from 00:00 needs a limit of 0 kW or more.')
    expect(stepsFault([{ from: '00:00', kw: '0' }])).toBeNull()
  })
  test('names the field of what is wrong', () => {
    const { application, faults } = readDraft({
      ...draftOf(version),
      validTo: '2026-01-01',
      weekend: [{ from: '00:00', kw: '' }],
    })
    expect(application).toBeNull()
    expect([...faults.keys()].sort()).toEqual(['validTo', 'weekend'])
  })
  test('takes seasons that run over the new year and single days within its validity, and names what clashes', () => {
    const limits = { weekday: [{ from: '00:00', kw: '1' }], weekend: [{ from: '00:00', kw: '2' }] }
    const draft = {
      ...draftOf(version),
      seasons: [{ name: 'Winter', from: '11-01', to: '02-28', ...limits }],
      exceptions: [
        { day: '2026-12-26', steps: [{ from: '00:00', kw: '4' }] },
        { day: '2026-12-25', steps: [{ from: '00:00', kw: '3' }] },
      ],
    }
    const { application, faults } = readDraft(draft)
    expect(faults.size).toBe(0)
    expect(application?.limits.seasons?.[0]).toMatchObject({ from: '11-01', weekend: [{ limitW: 2_000 }] })
    expect(application?.limits.exceptions?.map((e) => e.day)).toEqual(['2026-12-25', '2026-12-26'])
    const faulty = readDraft({
      ...draft,
      seasons: [...draft.seasons, { name: 'January', from: '01-01', to: '01-31', ...limits, weekday: [] }],
      exceptions: [{ day: '2030-01-01', steps: [{ from: '00:00', kw: '' }] }],
    })
    expect(faulty.application).toBeNull()
    expect([...faulty.faults.keys()].sort()).toEqual([
      'exceptions.0.day',
      'exceptions.0.steps',
      'seasons.0.name',
      'seasons.1.name',
      'seasons.1.weekday',
    ])
  })
  test('is typed half-hour by half-hour as well, and pasted from a spreadsheet', () => {
    const steps = [
      { from: '00:00', kw: '180' },
      { from: '16:00', kw: '190' },
    ]
    const grid = gridOf(steps) ?? []
    expect(grid).toHaveLength(48)
    expect(stepsOfGrid(grid)).toEqual(steps)
    expect(stepsOfGrid(pasted(grid, 46, '1,200\n7'))).toEqual([
      ...steps,
      { from: '23:00', kw: '1200' },
      { from: '23:30', kw: '7' },
    ])
    expect(
      gridOf([
        { from: '00:00', kw: '1' },
        { from: '06:10', kw: '2' },
      ]),
    ).toBeNull()
  })
  test('shows beside one another what two editors have made of it', () => {
    const theirs = { ...version, validTo: '2027-02-28' }
    const mine = { ...version, note: 'Third hall', limits: { ...version.limits, exceptions: [] } }
    expect(differencesOf(version, theirs, mine).map((d) => [d.field, d.began, d.theirs, d.mine])).toEqual([
      ['Last day', 'Wed 31 Mar 2027', 'Sun 28 Feb 2027', 'Wed 31 Mar 2027'],
      ['Note', 'Second charging hall', 'Second charging hall', 'Third hall'],
    ])
  })
  test('is judged by its highest limit of all days', () => {
    expect(highestLimitW(version)).toBe(200_000)
  })
})

describe('an assessed kind of day', () => {
  test('tells how often and how badly it does not fit', () => {
    expect(nbsp(cellResult(winter))).toBe('Does not fit in 6 of 48 half-hours; worst at 16:30, 22.0 kW too much.')
    expect(cellResult(summer)).toBe('Fits at every half-hour.')
    expect(cellInWords(winter)).toBe('winter weekdays')
    expect(cellInWords({ ...winter, profileSeason: 'Christmas' })).toBe('Christmas: winter weekdays')
  })
  test('is drawn over the local day that it stands for, summer an hour ahead of UTC', () => {
    expect(dayOfCell(summer)).toBe('2026-07-15')
    const [requested] = cellSeries(summer)
    expect(requested?.points[0]?.x).toBe(Date.parse('2026-07-14T23:00:00Z'))
    expect(requested?.points).toHaveLength(49)
  })
})

describe('a forecast', () => {
  const given = { nodeId: 'n', tradingDay: '2026-01-15', resolution: 'PT30M' as const }
  const values = Array.from({ length: 48 }, (_, i) => (i === 35 ? 900_000 : 500_000))
  test('is a dashed line against its target, and tells how often it is over it', () => {
    const [expected] = forecastSeries({ ...given, values }, 800_000)
    expect(expected).toMatchObject({ dashed: true })
    expect(expected?.points[35]).toEqual({ x: Date.parse('2026-01-15T17:30:00Z'), y: 900 })
    expect(nbsp(forecastInWords({ ...given, values }, 800_000))).toBe(
      'Expected to peak at 900.0 kW at 17:30, 100.0 kW over the target level; over it in 1 period.',
    )
    expect(nbsp(forecastInWords({ ...given, values }, null))).toBe(
      'Expected to peak at 900.0 kW at 17:30; no target level is known.',
    )
  })
  test('says so when none is known', () => {
    expect(forecastInWords({ ...given, values: values.map(() => null) }, 1)).toBe('No load is forecast for this day.')
  })
})

describe('a node’s day', () => {
  const day = headroom('2026-01-15')
  test('is drawn in MW where it is large', () => {
    expect(unitOf(day).unit).toBe('MW')
    expect(headroomSeries(day)[2]?.points[0]?.y).toBe(171)
  })
  test('tells the least headroom, or by how much agreements exceed it', () => {
    expect(nbsp(headroomInWords(day))).toMatch(/^At least 34\.17 MW can still be agreed .+ the least is at 20:00\.$/)
    const full = { ...day, periods: day.periods.map((p) => ({ ...p, headroomW: -5_000 })) }
    expect(nbsp(headroomInWords(full))).toBe('Agreed limits exceed what this node can carry by up to 5.0 kW, at 00:00.')
    const unknown = { ...day, periods: day.periods.map((p) => ({ ...p, headroomW: null })) }
    expect(headroomInWords(unknown)).toBe('The headroom of this node is not known: it has no rating on record.')
  })

  test('says why a node can carry what it can, and where its background is from', () => {
    const day = headroom('2026-01-15')
    expect(nbsp(capacityInWords(day))).toBe(
      '171.00 MW in winter: the firm capacity of 180,000 kVA × 0.95, the lesser of rating and firm capacity.',
    )
    const none = { ...day.capacity, firmCapacityKva: null }
    expect(nbsp(capacityInWords({ ...day, capacity: none }))).toContain('the winter rating of 190,000 kVA × 0.95.')
    expect(capacityInWords({ ...day, capacity: { ...day.capacity, reservedKva: 20_000 } })).toContain(
      '(the firm capacity of 180,000 kVA − 20,000 kVA reserved) × 0.95',
    )
    const periods = day.periods.map((p) => ({ ...p, backgroundW: null, headroomW: null }))
    const dark: NodeHeadroom = { ...day, background: 'unknown', periods }
    expect(backgroundInWords(dark)).toMatch(/^Not known: there is no load on record of similar days in winter/)
    expect(headroomInWords(dark)).toBe('The headroom of this node is not known: its background load is not.')
    expect(headroomSeries(dark)[1]?.label).toBe('Agreed limits alone')
    const facts = { nodeId: 'n', name: 'Almeida St' }
    expect(
      missingInWords([
        { ...facts, season: 'winter', what: 'load' },
        { ...facts, season: 'summer', what: 'load' },
        { ...facts, season: 'summer', what: 'capacity' },
      ]),
    ).toEqual(['Almeida St: load in winter and summer, capacity in summer'])
  })
})
