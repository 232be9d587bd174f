import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { invariants } from '../../cli/sim/invariants.ts'
import { mutations } from './list.ts'

test('each text that a mutation replaces stands in its file once', () => {
  for (const { what, edits } of mutations)
    for (const { file, find } of edits)
      expect([what, readFileSync(file, 'utf8').split(find).length - 1]).toEqual([what, 1])
})

test('every invariant has a mutation that is to break it', () => {
  expect([...new Set(mutations.map(({ invariant }) => invariant))].sort()).toEqual(Object.keys(invariants).sort())
})
