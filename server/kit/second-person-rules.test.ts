import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Actor, Person } from './actors.ts'
import { approvalFault, type Hand, identityOf, leafChanges } from './second-person-rules.ts'

const person = (accountId: string, username = accountId): Person => ({
  kind: 'person',
  accountId,
  username,
  fullName: 'Same Name',
  roles: new Set(['planner']),
})

test('SEC13 whoever has a hand may not approve, and is told what they did', () => {
  const hands = [
    { actorId: 'a', did: 'applied for' },
    { actorId: 'b', did: 'edited' },
    { actorId: 'a', did: 'edited' },
  ]
  expect(approvalFault(hands, person('a'), 'version 2')?.detail).toBe(
    'You applied for and edited version 2 yourself: another person has to approve it.',
  )
  expect(approvalFault(hands, person('c'), 'version 2')).toBeNull()
})

test('SEC13 names decide nothing: neither a new name nor a namesake', () => {
  const hands = [{ actorId: 'account-1', did: 'edited' }]
  expect(approvalFault(hands, person('account-1', 'renamed'), 'it')).not.toBeNull()
  expect(approvalFault(hands, person('account-2', 'account-1'), 'it')).toBeNull()
})

test('SEC13 only a person approves, and only what somebody is on record for', () => {
  const hands = [{ actorId: 'a', did: 'proposed' }]
  const programs: Actor[] = [
    { kind: 'fsp', clientId: 'f', fspId: 'f', scopes: new Set() },
    { kind: 'fsp', clientId: 'ines', fspId: 'f', scopes: new Set(), user: person('ines') },
    { kind: 'gateway', clientId: 'g', gatewayId: 'g', scopes: new Set() },
    { kind: 'system', name: 'timetable' },
  ]
  for (const each of programs) expect(approvalFault(hands, each, 'it')?.kind).toBe('second-person-needed')
  expect(approvalFault([], person('b'), 'it')?.detail).toContain('Nobody is on record')
})

test('SEC13 an account keeps its hand when it moves between an FSP and the DNO', () => {
  const asUser: Actor = { kind: 'fsp', clientId: 'ines', fspId: 'f', scopes: new Set(), user: person('account-1') }
  expect(identityOf(asUser)).toBe(identityOf(person('account-1')))
})

type Step = { by: 'A' | 'B' | 'C'; does: 'apply' | 'edit' | 'touch' | 'rename' | 'approve' }

test('SEC13 over any sequence nobody approves what they had a hand in, and everybody else may', () => {
  const step = fc.record<Step>({
    by: fc.constantFrom('A', 'B', 'C'),
    does: fc.constantFrom('apply', 'edit', 'touch', 'rename', 'approve'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const names = new Map([...'ABC'].map((id) => [id, id]))
      let hands: Hand[] = []
      // The model: who had a hand since the last approval, by another way than the rule's.
      const authors = { A: false, B: false, C: false }
      for (const { by, does } of steps) {
        if (does === 'rename') names.set(by, `${names.get(by)}’`)
        else if (does === 'approve') {
          const fault = approvalFault(hands, person(by, names.get(by)), 'it')
          expect(fault === null).toBe(!authors[by] && Object.values(authors).includes(true))
          if (fault) continue
          // The next version starts without hands.
          hands = []
          Object.assign(authors, { A: false, B: false, C: false })
        } else {
          hands = [...hands, { actorId: by, did: does }]
          authors[by] = true
        }
      }
    }),
  )
})

test('the changes of a proposal are named by their path, and what is equal is left out', () => {
  const before = { route: 'http', email: null, points: { one: { scale: 1, phase: 'L1' } }, list: [1, 2] }
  const after = { route: 'email', email: 'desk@fsp.example', points: { one: { scale: 0.1, phase: 'L1' } }, list: [1] }
  expect(leafChanges(before, after)).toEqual([
    { field: 'route', before: 'http', after: 'email' },
    { field: 'email', before: null, after: 'desk@fsp.example' },
    { field: 'points.one.scale', before: 1, after: 0.1 },
    { field: 'list[1]', before: 2, after: null },
  ])
  expect(leafChanges(after, after)).toEqual([])
})
