import { expect, test } from 'vitest'
import type { PortalAccount } from '../../../../schemas/access/accounts.ts'
import { daysFault, filterOf } from './search.ts'

const account = (username: string, fullName: string): PortalAccount => ({
  accountId: `id of ${username}`,
  username,
  fullName,
  roles: ['operator'],
  fspId: null,
  customerId: null,
  external: false,
  active: true,
  hasSecondFactor: true,
})

const accounts = [account('grace', 'Grace Okoro'), account('sam', 'Sam Lee'), account('sam2', 'Sam Lee')]

test.each([
  ['a user name', 'grace', { actorId: 'id of grace' }],
  ['a user name in capitals', 'Grace', { actorId: 'id of grace' }],
  ['a full name', 'grace okoro', { actorId: 'id of grace' }],
  ['a full name that two people have', 'Sam Lee', { actor: 'Sam Lee' }],
  ['a program', 'fsp-1', { actor: 'fsp-1' }],
])('finds by %s', (_, who, filter) => {
  expect(filterOf({ who }, accounts)).toEqual(filter)
})

test('includes the whole of the last day, in local time', () => {
  expect(filterOf({ from: '2026-06-01', to: '2026-06-01' }, [])).toEqual({
    from: '2026-05-31T23:00:00Z',
    until: '2026-06-01T23:00:00Z',
  })
})

test('asks for nothing that was not searched for', () => {
  expect(filterOf({}, accounts)).toEqual({})
  expect(filterOf({ action: 'tender.', subject: 'tender', id: '7' }, accounts)).toEqual({
    action: 'tender.',
    subjectType: 'tender',
    subjectId: '7',
  })
})

test('refuses days in the wrong order only', () => {
  expect(daysFault({ from: '2026-06-02', to: '2026-06-01' })).toMatch(/must not be before/)
  expect(daysFault({ from: '2026-06-01', to: '2026-06-01' })).toBeNull()
  expect(daysFault({ to: '2026-06-01' })).toBeNull()
})
