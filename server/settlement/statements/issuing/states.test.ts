import { expect, test } from 'vitest'
import { samePerson } from './move-statement.ts'
import { statementStates } from './states.ts'

test('every state and event of a statement, row by row', () => {
  expect(statementStates).toEqual({
    draft: { check: 'checked', approve: null, issue: null, return: null },
    checked: { check: null, approve: 'approved', issue: null, return: 'draft' },
    approved: { check: null, approve: null, issue: 'issued', return: 'draft' },
    issued: { check: null, approve: null, issue: null, return: null },
  })
})

test('FM16 neither who prepared nor who checked may approve; anybody else may, and both may do the rest', () => {
  const row = { preparedBy: 'clara', checkedBy: 'carl' }
  expect(samePerson(row, 'approve', 'clara')).toContain('prepared')
  expect(samePerson(row, 'approve', 'carl')).toContain('checked')
  expect([samePerson(row, 'approve', 'sven'), samePerson(row, 'issue', 'clara')]).toEqual([null, null])
})
