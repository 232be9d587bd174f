import { expect, test } from 'vitest'
import { statementStates } from './states.ts'

test('every state and event of a statement, row by row', () => {
  expect(statementStates).toEqual({
    draft: { check: 'checked', approve: null, issue: null, return: null },
    checked: { check: null, approve: 'approved', issue: null, return: 'draft' },
    approved: { check: null, approve: null, issue: 'issued', return: 'draft' },
    issued: { check: null, approve: null, issue: null, return: null },
  })
})
