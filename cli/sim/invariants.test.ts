import { describe, expect, test } from 'vitest'
import type { StatementLine } from '../../schemas/settlement/statements.ts'
import { breachesOf, type InvariantName, invariants } from './invariants.ts'
import {
  type Batch,
  keyOfBatch,
  keyOfReading,
  type Measured,
  type Observed,
  type SettledTwice,
  type ShownLimit,
  type Stored,
  type Taken,
  type Version,
} from './observed.ts'

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
    instructedWh: 2_500,
    deliveredWh: 2_500,
    amountGbp: '1.10',
    ...change,
  }) as StatementLine

const settled = (first: StatementLine[], second = first, totalGbp = '1.10') =>
  ({ first: { number: '1', lines: first, totalGbp }, second: { number: '1', lines: second, totalGbp } }) as SettledTwice

const storedReading = (change: Partial<Stored>) => {
  const one: Stored = { ...reading, count: 1, isEstimate: false, ...change }
  return new Map([[keyOfReading(one), one]])
}

const measured: Measured = {
  feeder: 1,
  phase: 'L1',
  quantity: 'active-power',
  value: 21_500,
  deviceMs: at('17:00'),
  receivedMs: at('17:01'),
}
const batch: Batch = { hubId: 'hub', sequence: 7, readings: [measured, { ...measured, phase: 'L2', deviceMs: null }] }
const stored = (change: Partial<Batch>) => ({ batches: new Map([[keyOfBatch(batch), { ...batch, ...change }]]) })

const version: Version = {
  profileId: 'version-1',
  connectionId: 'site',
  version: 1,
  state: 'approved',
  validFrom: '2026-01-01',
  validTo: '2026-01-31',
  fallbackLimitW: 70_000,
  limits: {
    weekday: [
      { from: '00:00', limitW: 150_000 },
      { from: '17:30', limitW: 90_000 },
    ],
    weekend: [{ from: '00:00', limitW: 1 }],
  },
  appliedBy: 'one',
  decidedBy: 'other',
}
const shownLimit: ShownLimit = {
  connectionId: 'site',
  atMs: at('18:00'),
  ascW: 200_000,
  limitW: 90_000,
  limitSource: 'profile',
  applying: [
    { source: 'profile', limitW: 90_000 },
    { source: 'asc', limitW: 200_000 },
  ],
}

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
  stored: storedReading({}),
  delivered: [batch],
  batches: new Map([[keyOfBatch(batch), batch]]),
  handedOver: [{ hubId: 'hub', ...measured }],
  limits: [shownLimit],
  versions: [version],
  decisions: [{ profileId: 'version-1', state: 'approved' }],
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
    ['one that is stored twice', { stored: storedReading({ count: 2 }) }],
    ['one that is stored with another value', { stored: storedReading({ energyWh: 2_499 }) }],
  ],
  'measurements-kept': [
    ['a batch that is lost', { batches: new Map(), handedOver: [] }],
    ['a reading that is lost', { ...stored({ readings: batch.readings.slice(0, 1) }), handedOver: [] }],
    ['a batch that is stored twice', stored({ readings: [...batch.readings, ...batch.readings] })],
    [
      'another value',
      { ...stored({ readings: [{ ...measured, value: 1 }, ...batch.readings.slice(1)] }), handedOver: [] },
    ],
    ['a change that was confirmed and is nowhere', { handedOver: [{ hubId: 'hub', ...measured, value: 3 }] }],
    ['a change of another hub', { handedOver: [{ hubId: 'other', ...measured }] }],
  ],
  'limit-approved': [
    ['a limit that nobody agreed on', { versions: [] }],
    ['that of an application', { versions: [{ ...version, state: 'applied' }] }],
    ['that of another time', { limits: [{ ...shownLimit, atMs: at('17:29') }] }],
    ['that of a version that is over', { versions: [{ ...version, validTo: '2026-01-14' }] }],
    ['one that is not the least', { limits: [{ ...shownLimit, limitW: 200_000, limitSource: 'asc' }] }],
    [
      'a second one that was agreed at another time',
      { limits: [{ ...shownLimit, applying: [...shownLimit.applying, { source: 'profile', limitW: 95_000 }] }] },
    ],
    ['a version that its applicant approved', { versions: [{ ...version, decidedBy: 'one' }] }],
    ['an approval that is forgotten', { decisions: [{ profileId: 'version-2', state: 'approved' }] }],
    ['a rejection that is not kept', { decisions: [{ profileId: 'version-1', state: 'rejected' }] }],
  ],
  'statements-reproduce': [
    ['lines that do not come to the total', { settled: [settled([line()], [line()], '1.11')] }],
    ['other lines when settled again', { settled: [settled([line()], [line({ meteredWh: 2_400 })])] }],
  ],
  'corrections-count': [
    [
      'a line that rests on what was corrected',
      { stored: new Map([...good.stored, ...storedReading({ revision: 2, energyWh: 2_400 })]) },
    ],
    ['a line without what was metered', { settled: [settled([line({ meteredWh: null })])] }],
    ['a line that rests on an estimate of its sender', { stored: storedReading({ isEstimate: true }) }],
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

test('what its sender estimated is settled as missing where something was instructed, and elsewhere as it is', () => {
  const stored = storedReading({ isEstimate: true })
  for (const change of [{ meteredWh: null }, { instructedWh: 0 }, { instructedWh: null }])
    expect(breachesOf({ ...good, stored, settled: [settled([line({ ...change, deliveredWh: 0 })])] })).toEqual([])
})

test('a limit that a rule lowers, and the fallback after the last version, are as they should be', () => {
  const lowered: ShownLimit = {
    ...shownLimit,
    limitW: 50_000,
    limitSource: 'fail-safe',
    applying: [{ source: 'fail-safe', limitW: 50_000 }, ...shownLimit.applying],
  }
  expect(breachesOf({ ...good, limits: [lowered] })).toEqual([])
  const fallback: ShownLimit = {
    ...shownLimit,
    limitW: 70_000,
    limitSource: 'fallback',
    applying: [
      { source: 'fallback', limitW: 70_000 },
      { source: 'asc', limitW: 200_000 },
    ],
  }
  const over = { ...version, validTo: '2026-01-14' }
  expect(breachesOf({ ...good, limits: [fallback], versions: [over] })).toEqual([])
  expect(breachesOf({ ...good, limits: [fallback], versions: [{ ...over, state: 'expired' }] })).toEqual([])
})
