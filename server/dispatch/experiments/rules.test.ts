import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type ExperimentForm,
  type ExperimentState,
  experimentEvent,
  experimentForm,
  experimentState,
} from '../../../schemas/dispatch/experiments.ts'
import { changeFault, dayFault, experimentTransitions, haltReason, measuredFault } from './rules.ts'

const form: ExperimentForm = experimentForm.parse(experimentForm.meta()?.['example'])

describe('the phases of an experiment', () => {
  test.each([
    ['preparation', { start: 'operation' }],
    ['operation', { halt: 'halted', end: 'analysis' }],
    ['halted', { resume: 'operation', end: 'analysis' }],
    ['analysis', { conclude: 'concluded' }],
    ['concluded', {}],
  ] as const)('%s has these ways out and no others', (state, ways) => {
    const open = Object.entries(experimentTransitions[state]).filter(([, to]) => to !== null)
    expect(Object.fromEntries(open)).toEqual(ways)
  })

  test('none is reached again after the end, by whatever events', () => {
    const rank: Record<ExperimentState, number> = { preparation: 0, operation: 1, halted: 1, analysis: 2, concluded: 3 }
    expect(Object.keys(rank)).toEqual(experimentState.options)
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...experimentEvent.options)), (events) => {
        let state: ExperimentState = 'preparation'
        for (const event of events) {
          const next: ExperimentState = experimentTransitions[state][event] ?? state
          expect(rank[next]).toBeGreaterThanOrEqual(rank[state])
          state = next
        }
      }),
    )
  })
})

describe('a halt rule', () => {
  const rule = { mostBreaches: 2, mostFailedInstructions: 0, onMissingData: true }
  const quiet = { breaches: 2, failedInstructions: 0, missing: [] }

  test('is not met by as many as it allows', () => {
    expect(haltReason(rule, quiet)).toBeNull()
  })

  test('is met by one more, and says which of its parts and by how much', () => {
    expect(haltReason(rule, { ...quiet, breaches: 3 })).toBe('breaches that began at its depots: 3, allowed: 2')
    const both = haltReason(rule, { ...quiet, failedInstructions: 1, missing: [{ message: 'Weather is silent' }] })
    expect(both).toBe(
      'instructions refused or expired unanswered: 1, allowed: 0; required data are missing: Weather is silent',
    )
  })

  test('of nothing is never met', () => {
    const figures = fc.record({
      breaches: fc.nat(),
      failedInstructions: fc.nat(),
      missing: fc.array(fc.record({ message: fc.string() })),
    })
    fc.assert(
      fc.property(figures, (given) => {
        const nothing = { mostBreaches: null, mostFailedInstructions: null, onMissingData: false }
        expect(haltReason(nothing, given)).toBeNull()
      }),
    )
  })
})

describe('what an experiment is', () => {
  test.each(['preparation'] as const)('may all be changed in %s', (state) => {
    expect(changeFault(state, form, { ...form, firstDay: '2026-01-20', connectionIds: [] })).toBeNull()
  })

  test.each(['operation', 'halted'] as const)('keeps what was tried in %s, while the rest may change', (state) => {
    expect(changeFault(state, form, { ...form, lastDay: '2026-02-13', purpose: 'Else' })).toBeNull()
    expect(changeFault(state, form, { ...form, switches: [], firstDay: '2026-01-20' })).toBe(
      'It has started, so firstDay, switches stay as they are.',
    )
  })

  test.each(['analysis', 'concluded'] as const)('changes no more in %s', (state) => {
    expect(changeFault(state, form, form)).toMatch(/^It has ended/)
  })

  test('runs on its days alone', () => {
    const days = { firstDay: '2026-01-19', lastDay: '2026-01-30' }
    expect([dayFault('2026-01-18', days), dayFault('2026-01-19', days), dayFault('2026-01-30', days)]).toEqual([
      expect.stringContaining('Its first day is 2026-01-19'),
      null,
      null,
    ])
    expect(dayFault('2026-01-31', days)).toContain('Its last day was 2026-01-30')
  })

  test('misses a depot that was measured too little, with its figures', () => {
    const depot = { name: 'Islington', day: '2026-01-19', halfHours: 48 }
    expect(measuredFault({ ...depot, measured: 46 }, 95)).toBeNull()
    expect(measuredFault({ ...depot, measured: 45 }, 95)).toBe(
      'Islington was measured in 45 of 48 half-hours of 2026-01-19, and 95 % have to be',
    )
  })

  test.each([
    ['ends before it begins', { lastDay: '2026-01-18' }, 'lastDay'],
    ['is longer than a year', { lastDay: '2027-01-20' }, 'lastDay'],
    ['has neither a depot nor an FU', { connectionIds: [], fuIds: [] }, 'connectionIds'],
  ] as const)('is none if it %s', (_, change, field) => {
    const read = experimentForm.safeParse({ ...form, ...change })
    expect(read.error?.issues.map(({ path }) => path[0])).toEqual([field])
  })
})
