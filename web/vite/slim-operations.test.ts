import { expect, test } from 'vitest'
import { driverOperations } from '../../schemas/fsp/drivers.ts'
import { depotGroups, homeGroups } from '../../schemas/fsp/groups.ts'
import { fspOperations } from '../../schemas/fsp/operations.ts'
import { registerGroups } from '../../schemas/fsp/registers/index.ts'
import { operations } from '../../schemas/operations.ts'
import { slimmed } from './slim-operations.ts'

test('a browser gets of an operation what it needs to call it, and no contract', () => {
  const { readOverview, exportHalfHoursCsv, logOut } = operations
  expect(slimmed({ readOverview, exportHalfHoursCsv, logOut })).toEqual({
    readOverview: { method: 'get', path: '/overview', answer: { json: true } },
    exportHalfHoursCsv: { method: 'get', path: exportHalfHoursCsv.path, answer: { file: 'text/csv' } },
    logOut: { method: logOut.method, path: logOut.path, answer: { nothing: true } },
  })
  const importFile = slimmed(fspOperations.registers.tokens.importFile)
  expect(importFile).toMatchObject({ body: { file: 'text/csv' }, answer: { json: true } })
})

test('the table of the FSP has every operation of its people, and no two share a name', () => {
  const groups = [...depotGroups, ...homeGroups].filter(
    (group) => group !== driverOperations && !Object.values(registerGroups).some((each) => each === group),
  )
  const names = groups.flatMap((group) => Object.keys(group))
  expect(Object.keys(fspOperations).sort()).toEqual([...names, 'registers'].sort())
  expect(new Set(names).size).toBe(names.length)
})
