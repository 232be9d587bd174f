import { describe, expect } from 'vitest'
import { testCases } from '../../support/cases.ts'
import { settle, settlementExpected, settlementInput } from './settle.ts'

describe('settlement cases', () => {
  testCases(import.meta.dirname, { input: settlementInput, expected: settlementExpected }, (input, expected) => {
    expect(settle(input)).toMatchObject(expected)
  })
})
