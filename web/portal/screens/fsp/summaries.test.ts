import { expect, test } from 'vitest'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { ContractTerms } from '../../../../schemas/settlement/statements.ts'
import { nominatedUnits } from './summaries.ts'

const contractOf = (fuId: string, change: Partial<Contract> = {}) =>
  ({ contractId: `of ${fuId}`, fuId, validFrom: '2026-01-01', validTo: '2026-06-30', ...change }) as Contract

const termsOf = ({ contractId }: Contract, baselineMethod: string) =>
  ({ contractId, terms: { baselineMethod } }) as ContractTerms

test('an FU needs a baseline for a day on which a contract that is settled by it holds, and for no other', () => {
  const [own, measured, over] = [
    contractOf('own'),
    contractOf('measured'),
    contractOf('over', { validTo: '2026-01-14' }),
  ]
  const terms = [termsOf(own, 'nominated'), termsOf(measured, 'bl01'), termsOf(over, 'nominated')]
  expect([...nominatedUnits([own, measured, over], terms, '2026-01-15')]).toEqual(['own'])
  expect([...nominatedUnits([own, measured, over], terms, '2026-01-14')]).toEqual(['own', 'over'])
  expect([...nominatedUnits([own], [], '2026-01-15')]).toEqual([])
})
