import { expect, test } from 'vitest'
import type { Experiment } from '../../../../schemas/dispatch/experiments.ts'
import { draftOf, type ExperimentDraft, readExperimentDraft } from './draft.ts'
import { haltRuleInWords, requiredInWords, urgencyOf } from './words.ts'

const days = { firstDay: '2026-01-16', lastDay: '2026-01-29' }
const draft: ExperimentDraft = {
  ...draftOf(null, days),
  name: 'Evening turn-down',
  purpose: 'Whether it holds.',
  connectionIds: ['0f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10'],
  switches: 'Fail-safe limits = on\n\nTariff=off',
  mostBreaches: '3',
}

test('a draft becomes an experiment: empty figures are no bounds, switches a line each', () => {
  expect(readExperimentDraft(draft).given).toMatchObject({
    ...days,
    switches: [
      { name: 'Fail-safe limits', setting: 'on' },
      { name: 'Tariff', setting: 'off' },
    ],
    requiredData: { feedIds: [], measuredPercent: 95 },
    haltRule: { mostBreaches: 3, mostFailedInstructions: null, onMissingData: true },
  })
})

test('an experiment becomes a draft that says the same', () => {
  const { given } = readExperimentDraft(draft)
  expect(readExperimentDraft(draftOf(given as Experiment, days)).given).toEqual(given)
})

test.each([
  ['a name', { name: ' ' }, 'name', 'Enter a name.'],
  ['a depot or FU', { connectionIds: [] }, 'connectionIds', 'Choose a depot'],
  ['an end after its beginning', { lastDay: '2026-01-01' }, 'lastDay', 'It ends before it begins.'],
  ['at most a year', { lastDay: '2027-06-01' }, 'lastDay', '366 days at most'],
  ['settings of its switches', { switches: 'Tariff' }, 'switches', '“Tariff” does not say how'],
  ['whole numbers of breaches', { mostBreaches: '1.5' }, 'mostBreaches', 'whole number from 0 to 10000'],
] as const)('an experiment needs %s, which its field tells', (_, change, field, words) => {
  const { given, faults } = readExperimentDraft({ ...draft, ...change })
  expect([given, Object.keys(faults), faults[field]]).toEqual([null, [field], expect.stringContaining(words)])
})

test('its halt rule and its required data are told in a sentence, and that there are none', () => {
  expect(haltRuleInWords({ mostBreaches: 1, mostFailedInstructions: 2, onMissingData: true })).toBe(
    'When more than 1 breach has begun at its depots, or more than 2 instructions have failed, or required data are missing.',
  )
  expect(haltRuleInWords({ mostBreaches: null, mostFailedInstructions: null, onMissingData: false })).toMatch(/^Never/)
  const nameOf = (id: string) => id.toUpperCase()
  expect(requiredInWords({ feedIds: ['weather'], measuredPercent: 95 }, nameOf)).toBe(
    '95\u00a0% of each day’s half-hours at each depot; on time: WEATHER.',
  )
  expect(requiredInWords({ feedIds: [], measuredPercent: null }, nameOf)).toBe('None.')
})

test('what is halted comes first, and what is concluded last', () => {
  const states = ['concluded', 'operation', 'halted', 'analysis', 'preparation'] as const
  expect(states.toSorted((a, b) => urgencyOf({ state: a }) - urgencyOf({ state: b }))).toEqual([
    'halted',
    'operation',
    'preparation',
    'analysis',
    'concluded',
  ])
})
