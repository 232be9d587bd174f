import { describe, expect, test } from 'vitest'
import { unitConstraints } from '../../../../../schemas/market/parties.ts'
import { draftOf, readConstraints } from '../units/constraints.ts'
import { type DerDraft, readDer, readUnit, type UnitDraft } from './draft.ts'
import { consentInWords, consentState } from './words.ts'

const consent = { reference: 'Sign-up 88213', from: '2026-01-03', until: '' }
const yard: DerDraft = { name: 'Yard', kind: 'load', mpan: '1200000112345', ratedKw: '7.4', hasConsent: false, consent }

describe('the form of a DER', () => {
  test('gives W, and the consent only where one is recorded', () => {
    const bare = { name: 'Yard', kind: 'load', mpan: '1200000112345', ratedW: 7_400 }
    expect(readDer(yard).given).toEqual(bare)
    expect(readDer({ ...yard, hasConsent: true }).given).toEqual({
      ...bare,
      consent: { reference: 'Sign-up 88213', from: '2026-01-03', until: null },
    })
  })
  test('says what is wrong, field by field', () => {
    const draft = { ...yard, name: ' ', mpan: '12', ratedKw: 'much', hasConsent: true }
    const { given, faults } = readDer({ ...draft, consent: { reference: '', from: '2026-01-03', until: '2026-01-03' } })
    expect(given).toBeNull()
    expect([...faults.keys()]).toEqual(['name', 'mpan', 'ratedKw', 'consent.reference', 'consent.until'])
  })
})

describe('the form of an FU', () => {
  const ders = [
    { derId: 'a', ratedW: 30_000 },
    { derId: 'b', ratedW: 20_000 },
  ]
  const draft: UnitDraft = {
    name: 'Yard',
    derIds: new Set(['a', 'b']),
    downKw: '50',
    upKw: '0',
    isWholeSite: false,
    nodeId: '',
  }
  test('goes as far as its DERs are rated for together, and not further', () => {
    expect(readUnit(draft, ders).given).toMatchObject({ derIds: ['a', 'b'], maxTurnDownW: 50_000, maxTurnUpW: 0 })
    expect(readUnit({ ...draft, derIds: new Set(['a']) }, ders).faults.get('downKw')).toBe(
      'Its DERs are rated for 30 kW together.',
    )
    expect(readUnit({ ...draft, downKw: '0' }, ders).faults.get('downKw')).toMatch(/turns down, up, or both/)
  })
  test('needs DERs, or the node that they will be behind', () => {
    const empty = { ...draft, derIds: new Set<string>() }
    expect(readUnit(empty, ders).faults.has('derIds')).toBe(true)
    expect(readUnit({ ...empty, nodeId: 'lpn-hurst' }, ders).given).toMatchObject({ nodeId: 'lpn-hurst', derIds: [] })
    expect(readUnit({ ...draft, nodeId: 'lpn-hurst', isWholeSite: true }, ders).faults.has('isWholeSite')).toBe(true)
  })
})

describe('the form of constraints', () => {
  test('shows what binds, and reads it as it was', () => {
    const limits = unitConstraints.parse({
      minimumTurnDownW: 5_500,
      minimumRunMinutes: 60,
      activationsPerContract: 40,
      rebound: { share: 0.35, delayMinutes: 30, overMinutes: 120 },
    })
    const draft = draftOf(limits)
    expect(draft).toMatchObject({ minimumTurnDownKw: '5.5', noticeMinutes: '', reboundPercent: '35' })
    const { given } = readConstraints(draft)
    expect(unitConstraints.parse(given?.limits)).toEqual(limits)
  })
  test('empties to no constraint at all', () => {
    expect(readConstraints(draftOf(null)).given).toEqual({ limits: null })
  })
  test('says what is wrong, field by field', () => {
    const draft = { ...draftOf(null), minimumRunMinutes: '50', activationsPerDay: '0', reboundPercent: '20' }
    expect([...readConstraints(draft).faults.keys()]).toEqual([
      'minimumRunMinutes',
      'activationsPerDay',
      'reboundDelayMinutes',
      'reboundOverMinutes',
    ])
    const short = { ...draftOf(null), minimumRunMinutes: '60', maximumRunMinutes: '45' }
    expect(readConstraints(short).faults.get('maximumRunMinutes')).toBe('It cannot be shorter than the minimum run.')
  })
})

test('the days of a consent are said to its last one', () => {
  const days = (from: string, until: string | null) => consentInWords({ reference: 'r', from, until })
  expect(days('2026-01-03', null)).toBe('from Sat 3 Jan 2026 on')
  expect(days('2026-01-03', '2026-02-01')).toBe('3 Jan to 31 Jan 2026')
  expect(days('2026-01-03', '2026-01-04')).toBe('Sat 3 Jan 2026')
})

test('the consent of an owner calls for somebody before it ends, and once it has', () => {
  const state = (until: string | null, today: string) =>
    consentState({ consent: { reference: 'r', from: '2026-01-03', until } }, today).word
  expect(state(null, '2026-01-02')).toBe('Not begun')
  expect(state(null, '2026-01-03')).toBe('In force')
  expect(state('2026-02-01', '2026-01-31')).toBe('Ends')
  expect(state('2026-02-01', '2026-02-01')).toBe('Ended')
  expect(consentState({ consent: null }, '2026-01-03').tone).toBe('quiet')
})
