import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { conditionOf, credentialName, endInWords, lastsUntil, urgencyOf, validAt } from './conditions.ts'

const now = Date.parse('2026-03-02T08:00:00Z')
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString()

const credential = (expiresAt: string | null, kid: string | null = null): ApiClient['credentials'][number] => ({
  credentialId: '0f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10',
  kind: kid === null ? 'secret' : 'key',
  kid,
  createdAt: inDays(-10),
  expiresAt,
  lastUsedAt: null,
})

const client = (change: Partial<ApiClient>): ApiClient => ({
  clientId: 'gateway-1',
  kind: 'gateway',
  subjectId: 'gateway-1',
  authentication: 'client_secret_basic',
  scopes: ['gateway'],
  active: true,
  requiresDpop: false,
  secretsAllowed: true,
  lastUsedAt: inDays(-1),
  credentials: [credential(inDays(200))],
  ...change,
})

test.each([
  ['is active with a secret that lasts', {}, 'Active'],
  ['is told of a month before its last secret ends', { credentials: [credential(inDays(29))] }, 'Ends in 29\u00a0d'],
  ['is quiet while another key goes on', { credentials: [credential(inDays(3)), credential(null, 'a')] }, 'Active'],
  ['cannot authenticate once all have ended', { credentials: [credential(inDays(-1))] }, 'No valid key or secret'],
  ['cannot authenticate without any', { credentials: [] }, 'No valid key or secret'],
  ['is blocked, whatever its keys are', { active: false, credentials: [] }, 'Blocked'],
  ['has never been used', { lastUsedAt: null }, 'Never used'],
] as const)('a client %s', (_, change, word) => {
  expect(conditionOf(client(change as Partial<ApiClient>), now).word).toBe(word)
})

test('what cannot authenticate comes before what soon cannot, and what is blocked comes last', () => {
  const [none, soon, good, blocked] = [
    client({ credentials: [] }),
    client({ credentials: [credential(inDays(2))] }),
    client({}),
    client({ active: false }),
  ]
  const sorted = [blocked, good, soon, none].toSorted((a, b) => urgencyOf(a, now) - urgencyOf(b, now))
  expect(sorted).toEqual([none, soon, good, blocked])
})

test('a client lasts until the last of its keys and secrets ends', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -100, max: 100 }).filter((days) => days !== 0)), (days) => {
      const given = client({ credentials: days.map((each) => credential(inDays(each))) })
      const until = lastsUntil(given, now)
      if (until === null) expect(validAt(given, now)).toEqual([])
      else expect([validAt(given, until - 1).length > 0, validAt(given, until)]).toEqual([true, []])
    }),
  )
})

test('keys are called by their identifiers, secrets by the beginning of theirs', () => {
  expect(credentialName(credential(null, '2026-11'))).toBe('key 2026-11')
  expect(credentialName(credential(null))).toBe('secret 0f0c1d1e')
  expect([null, inDays(-1), inDays(3)].map((end) => endInWords(credential(end), now))).toEqual([
    'no end',
    'ended',
    'in 3\u00a0d',
  ])
})
