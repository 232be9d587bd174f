import { describe, expect, test } from 'vitest'
import type { StatementLine } from '../../schemas/settlement/statements.ts'
import { breachesOf, type InvariantName, invariants } from './invariants.ts'
import { keyOfReading, type Observed, type SettledTwice, type Taken } from './observed.ts'

const at = (time: string) => Date.parse(`2026-01-15T${time}:00Z`)

const contract = {
  fuId: 'fu',
  product: 'A',
  turnDownW: 10_000,
  windows: [{ weekdays: ['thursday' as const], from: '17:00', to: '18:00', requiredW: 10_000 }],
  validFrom: '2026-01-14',
  validTo: '2026-01-16',
}

const taken: Taken = {
  fsp: 0,
  instructionId: 'one',
  fuId: 'fu',
  product: 'A',
  intervals: [{ fromMs: at('17:00'), toMs: at('17:15'), turnDownW: 10_000 }],
  receivedMs: at('16:30'),
  expiresMs: at('17:00'),
  supersedes: null,
  isAccepted: true,
}

const reading = { fuId: 'fu', meterId: 'm', periodStartMs: at('17:00'), revision: 1, energyWh: 2_500 }

const line = (change: Partial<StatementLine> = {}) =>
  ({
    fuId: 'fu',
    from: '2026-01-15T17:00:00Z',
    baselineWh: 5_000,
    meteredWh: 2_500,
    deliveredWh: 2_500,
    amountGbp: '1.10',
    ...change,
  }) as StatementLine

const settled = (first: StatementLine[], second = first, totalGbp = '1.10') =>
  ({ first: { number: '1', lines: first, totalGbp }, second: { number: '1', lines: second, totalGbp } }) as SettledTwice

/** A world in which everything is as it should be. */
const good: Observed = {
  nowMs: at('18:00'),
  contracts: [contract],
  taken: [taken],
  issued: [
    { instructionId: 'one', fuId: 'fu', product: 'A', fromMs: at('17:00'), state: 'acknowledged', supersedes: null },
  ],
  sendings: [{ instructionId: 'one', atMs: at('16:30'), expiresMs: at('17:00') }],
  acknowledged: [reading],
  stored: new Map([[keyOfReading(reading), { count: 1, energyWh: 2_500 }]]),
  auditFault: null,
  changes: [{ subjectId: 'fu', action: 'dispatch-schedule.saved', count: 2 }],
  audited: new Map([['fu', ['dispatch-schedule.saved', 'dispatch-schedule.saved']]]),
  settled: [settled([line()])],
  shown: [{ to: 'somebody', operation: 'listContracts', fspId: 'own', rows: [{ id: 'c', fspId: 'own' }] }],
}

test('a world in which everything is as it should be breaks nothing', () => {
  expect(breachesOf(good)).toEqual([])
})

const [second] = [{ ...taken, instructionId: 'two' }]
const known = { ...good.issued[0], instructionId: 'two' } as Observed['issued'][number]

/** What each invariant finds, each made by hand from the good world. */
const broken: Record<InvariantName, [string, Partial<Observed>][]> = {
  'one-effect': [
    ['two instructions in force for one quarter-hour', { taken: [taken, second], issued: [...good.issued, known] }],
    ['an instruction that the DNO has no record of', { issued: [] }],
  ],
  'acknowledged-is-accepted': [
    ['one that its FSP has never seen', { taken: [] }],
    ['one that its FSP has refused', { taken: [{ ...taken, isAccepted: false }] }],
  ],
  'none-late': [
    [
      'one that is sent after its expiry',
      { sendings: [{ instructionId: 'one', atMs: at('17:01'), expiresMs: at('17:00') }] },
    ],
    ['one that is accepted after its expiry', { taken: [{ ...taken, receivedMs: at('17:01') }] }],
  ],
  'inside-windows': [
    [
      'one for after the window',
      { taken: [{ ...taken, intervals: [{ fromMs: at('18:00'), toMs: at('18:15'), turnDownW: 1 }] }] },
    ],
    [
      'one for more than is contracted',
      { taken: [{ ...taken, intervals: [{ fromMs: at('17:00'), toMs: at('17:15'), turnDownW: 10_001 }] }] },
    ],
    [
      'one whose second quarter-hour is after the window',
      { taken: [{ ...taken, intervals: [{ fromMs: at('17:45'), toMs: at('18:15'), turnDownW: 1 }] }] },
    ],
    ['one for a unit without a contract', { contracts: [] }],
  ],
  'readings-kept': [
    ['one that is lost', { stored: new Map() }],
    ['one that is stored twice', { stored: new Map([[keyOfReading(reading), { count: 2, energyWh: 2_500 }]]) }],
    [
      'one that is stored with another value',
      { stored: new Map([[keyOfReading(reading), { count: 1, energyWh: 2_499 }]]) },
    ],
  ],
  'statements-reproduce': [
    ['lines that do not come to the total', { settled: [settled([line()], [line()], '1.11')] }],
    ['other lines when settled again', { settled: [settled([line()], [line({ meteredWh: 2_400 })])] }],
  ],
  'no-watt-twice': [
    ['more paid than was turned down', { settled: [settled([line({ deliveredWh: 2_502 })])] }],
    ['the same turn-down paid by two contracts', { settled: [settled([line()]), settled([line()])] }],
  ],
  'tenants-apart': [
    ['a row of another', { shown: [{ to: 'x', operation: 'o', fspId: 'own', rows: [{ id: 'c', fspId: 'other' }] }] }],
    ['a row of nobody', { shown: [{ to: 'x', operation: 'o', fspId: 'own', rows: [{ id: 'c', fspId: null }] }] }],
  ],
  'changes-audited': [
    ['a broken chain', { auditFault: 'entry 7 was altered' }],
    ['a change without an entry', { audited: new Map([['fu', ['dispatch-schedule.saved']]]) }],
  ],
}

describe.each(Object.keys(invariants) as InvariantName[])('%s finds', (name) => {
  test.each(broken[name])('%s', (_, change) => {
    expect(invariants[name]({ ...good, ...change })).not.toEqual([])
  })
})

test('one that replaces another by way of one that never came is no second effect', () => {
  const replacing = { ...second, supersedes: 'lost' } as Taken
  const lost = { ...known, instructionId: 'lost', state: 'unknown', supersedes: 'one' }
  const issued = [...good.issued, lost, { ...known, supersedes: 'lost' }]
  expect(breachesOf({ ...good, taken: [taken, replacing], issued })).toEqual([])
  const unlinked = [...good.issued, { ...lost, supersedes: null }, { ...known, supersedes: 'lost' }]
  expect(invariants['one-effect']({ ...good, taken: [taken, replacing], issued: unlinked })).toHaveLength(1)
})

test('an instruction that replaces another, and one that ends it, are no second effect', () => {
  const replacing = { ...second, supersedes: 'one', intervals: [{ ...taken.intervals[0], turnDownW: 0 }] } as Taken
  expect(breachesOf({ ...good, taken: [taken, replacing], issued: [...good.issued, known] })).toEqual([])
})
