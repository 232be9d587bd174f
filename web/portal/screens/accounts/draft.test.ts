import { describe, expect, test } from 'vitest'
import { accountForm, type PortalAccount } from '../../../../schemas/access/accounts.ts'
import { type AccountDraft, accountRules, bodyOf, draftOf } from './draft.ts'

const fspId = '5f0c1d1e-6f0e-4b7e-9a53-0d6a1f3c2b10'
const draft = (change: Partial<AccountDraft>): AccountDraft => ({
  username: 'grace',
  fullName: 'Grace Okoro',
  password: 'a long pass phrase',
  side: 'dno',
  roles: ['operator'],
  fspId: '',
  customerId: '',
  ...change,
})

const faultsOf = (given: AccountDraft, isNew = true, taken: string[] = []) =>
  accountRules(isNew, taken)
    .safeParse(given)
    .error?.issues.map(({ path, message }) => `${String(path[0])}: ${message}`) ?? []

describe('an account form', () => {
  test.each([
    ['takes somebody of the network operator', {}, []],
    ['wants a role', { roles: [] }, ['roles: Choose at least one.']],
    ['wants the FSP of its people', { side: 'fsp' }, ['fspId: Choose the FSP.']],
    ['wants the customer of its people', { side: 'customer' }, ['customerId: Choose the customer.']],
    ['takes an FSP’s people without a role', { side: 'fsp', fspId, roles: [] }, []],
    ['wants a name', { fullName: ' ' }, ['fullName: Enter the name as colleagues know it.']],
  ] as [string, Partial<AccountDraft>, string[]][])('%s', (_, change, faults) => {
    expect(faultsOf(draft(change))).toEqual(faults)
  })

  test('wants a password for a new account only', () => {
    expect(faultsOf(draft({ password: '' }))).toHaveLength(1)
    expect(faultsOf(draft({ password: '' }), false)).toEqual([])
  })

  test('refuses a user name that another account has', () => {
    expect(faultsOf(draft({}), true, ['grace'])).toEqual(['username: is the user name of another account'])
  })

  test.each([
    ['the network operator', {}],
    ['an FSP', { side: 'fsp', fspId }],
    ['a customer', { side: 'customer', customerId: fspId }],
  ] as [string, Partial<AccountDraft>][])(
    'of somebody of %s sends what the server takes, and reads it back',
    (_, change) => {
      const given = draft(change)
      const body = bodyOf(given)
      expect(accountForm.safeParse(body).success).toBe(true)
      const saved: PortalAccount = {
        ...body,
        accountId: fspId,
        username: given.username,
        external: false,
        active: true,
        hasSecondFactor: false,
      }
      expect(bodyOf({ ...draftOf(saved), password: given.password })).toEqual(body)
    },
  )
})
