import { LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { scenario } from '../../../schemas/dispatch/rehearsals.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { isNeeded, networkFault } from './rules.ts'

const needed = (day: string) =>
  scenario.options.map((each) => periodStarts(LocalDate.parse(day), 'PT15M').filter((at) => isNeeded(each, at)).length)

test('FM01 each scenario has its quarter-hours of the wall clock, also when the clock changes', () => {
  expect(needed('2026-01-15')).toEqual([12, 16, 24])
  expect(needed('2026-03-29')).toEqual([12, 16, 20])
  expect(needed('2026-10-25')).toEqual([12, 16, 28])
})

test('a pseudo-network is trees, and each FU is at one of its nodes', () => {
  const node = (nodeId: string, parentId: string | null) => ({ nodeId, name: nodeId, parentId })
  const member = { fuId: 'fu', nodeId: 'b' }
  const good = { nodes: [node('a', null), node('b', 'a')], members: [member] }
  expect(networkFault(good)).toBeNull()
  expect(networkFault({ ...good, nodes: [node('b', 'c')] })?.message).toBe('there is no node c')
  expect(networkFault({ ...good, nodes: [node('a', 'b'), node('b', 'a')] })?.message).toBe('a is its own ancestor')
  expect(networkFault({ ...good, nodes: [node('b', null), node('b', null)] })?.message).toBe('b appears twice')
  expect(networkFault({ ...good, members: [{ fuId: 'fu', nodeId: 'c' }] })?.field).toBe('members[0].nodeId')
  expect(networkFault({ ...good, members: [member, member] })?.message).toBe('fu appears twice')
})
