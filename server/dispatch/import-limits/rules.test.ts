import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { type LimitState, limitState } from '../../../schemas/dispatch/import-limits.ts'
import { type LastLimit, limitEvents, limitStates, owedCause } from './rules.ts'

/** Columns: send, accept, refuse, not-sent, lose, supersede, expire. */
const table: Record<LimitState, (LimitState | null)[]> = {
  planned: ['sent', null, null, null, null, 'superseded', 'expired'],
  sent: ['sent', 'acknowledged', 'refused', 'planned', 'unknown', 'superseded', 'expired'],
  unknown: ['sent', 'acknowledged', 'refused', null, 'unknown', 'superseded', 'expired'],
  acknowledged: [null, null, null, null, null, 'superseded', 'lapsed'],
  refused: [null, null, null, null, null, null, null],
  superseded: [null, null, null, null, null, null, null],
  expired: [null, null, null, null, null, null, null],
  lapsed: [null, null, null, null, null, null, null],
}

test.each(limitState.options)('a limit that is %s', (state) => {
  expect(limitEvents.map((event) => limitStates[state][event])).toEqual(table[state])
})

const now = Instant.parse('2026-01-15T17:00:00Z')
const both = { onBreach: true, onLinkLost: true, revision: 3 }
const last = (change: Partial<LastLimit> = {}): LastLimit => ({
  cause: 'standing',
  policyRevision: 3,
  state: 'acknowledged',
  issuedAt: now,
  validUntil: now.plusSeconds(1_800),
  ...change,
})
const calm = { now, isBreached: false, canRenew: true }

test('a standing limit is owed from the start, renewed at half its life, and sent anew when the policy changes', () => {
  expect(owedCause(both, null, calm)).toBe('standing')
  expect(owedCause(both, last(), { ...calm, now: now.plusSeconds(899) })).toBeNull()
  expect(owedCause(both, last(), { ...calm, now: now.plusSeconds(900) })).toBe('standing')
  expect(owedCause({ ...both, revision: 4 }, last(), calm)).toBe('standing')
})

test('a breach goes before the standing limit, and its end brings the standing limit back, or the release', () => {
  expect(owedCause(both, last(), { ...calm, isBreached: true })).toBe('breach')
  expect(owedCause(both, last({ cause: 'breach' }), calm)).toBe('standing')
  expect(owedCause({ ...both, onLinkLost: false }, last({ cause: 'breach' }), calm)).toBe('release')
})

test('a release is owed until it has arrived, and then nothing is', () => {
  const off = { ...both, onBreach: false, onLinkLost: false }
  expect(owedCause(off, last(), calm)).toBe('release')
  expect(owedCause(off, last({ cause: 'release' }), calm)).toBeNull()
  expect(owedCause(off, last({ cause: 'release', state: 'expired' }), calm)).toBe('release')
  expect(owedCause(off, null, calm)).toBeNull()
})

test('a mailbox has one sheet for each breach and its end, and no standing limit', () => {
  const mailbox = { ...calm, canRenew: false }
  expect(owedCause(both, null, mailbox)).toBeNull()
  expect(owedCause(both, null, { ...mailbox, isBreached: true })).toBe('breach')
  const later = { ...mailbox, isBreached: true, now: now.plusSeconds(7_200) }
  expect(owedCause(both, last({ cause: 'breach' }), later)).toBeNull()
  expect(owedCause(both, last({ cause: 'breach' }), mailbox)).toBe('release')
})
