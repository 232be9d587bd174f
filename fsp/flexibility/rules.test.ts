import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { Instruction } from '../../schemas/dispatch/instructions.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import { type Accepted, assess, turnDownAt } from './rules.ts'

const fuId = randomUUID()
const contract: Contract = {
  contractId: randomUUID(),
  tenderId: randomUUID(),
  fspId: randomUUID(),
  fspName: 'F',
  fuId,
  fuName: 'U',
  product: 'A',
  direction: 'turn-down',
  turnDownW: 20_000,
  availabilityGbpPerMwH: '1',
  utilisationGbpPerMwh: '1',
  validFrom: '2026-01-15',
  validTo: '2026-01-16',
  baselineMethod: 'recent-history',
  baselineFallback: 'nominated',
  reference: null,
  releasedDays: [],
  awardedBy: 'p',
  windows: [{ weekdays: ['thursday'], from: '17:00', to: '19:00', requiredW: 1 }],
  awardedAt: '2026-01-14T00:00:00Z',
}
const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const span = (from: string, to: string, turnDownW: number) => ({ from: `${at(from)}`, to: `${at(to)}`, turnDownW })

function instruction(...intervals: Instruction['intervals']): Instruction {
  return {
    instructionId: randomUUID(),
    fuId,
    product: 'A',
    intervals,
    onExpiry: 'end',
    issuedAt: `${at('16:30')}`,
    expiresAt: `${at('17:00')}`,
  }
}

const usual = {
  now: at('16:30'),
  known: true,
  contracts: [contract],
  canTurnUp: false,
  inService: () => true,
  supersededBy: null,
}
const reasonOf = (given: Instruction, change: Partial<typeof usual> = {}) => {
  const assessment = assess(given, { ...usual, ...change })
  return assessment.accepted ? 'accepted' : assessment.reason
}

test('an instruction within its contract is taken', () => {
  expect(reasonOf(instruction(span('17:00', '17:15', 20_000)))).toBe('accepted')
})

test('E2EPA017 an instruction outside the contracted window is refused as such, even if it only reaches out of it', () => {
  const outside = [span('16:45', '17:00', 5_000), span('18:45', '19:15', 5_000), span('19:00', '19:15', 5_000)]
  expect(outside.map((interval) => reasonOf(instruction(interval)))).toEqual(Array(3).fill('outside-window'))
  expect(reasonOf(instruction(span('17:00', '17:15', 1)), { contracts: [] })).toBe('outside-window')
})

test('each refusal has its own reason', () => {
  const one = instruction(span('17:00', '17:15', 20_001))
  expect(reasonOf(one)).toBe('exceeds-availability')
  const fine = instruction(span('17:00', '17:15', 1_000))
  expect(reasonOf(fine, { known: false })).toBe('unknown-unit')
  expect(reasonOf(fine, { inService: () => false })).toBe('out-of-service')
  expect(reasonOf(fine, { now: at('17:00') })).toBe('expired')
  expect(reasonOf(instruction(span('17:00', '17:30', 1), span('17:15', '17:45', 1)))).toBe('malformed')
})

test('a unit that cannot turn up refuses to; a battery takes what is contracted of it, in that direction', () => {
  const up = instruction(span('17:00', '17:15', -20_000))
  expect(assess(up, usual)).toEqual({
    accepted: false,
    reason: 'exceeds-availability',
    detail: 'The unit cannot turn up.',
  })
  const battery = { canTurnUp: true, contracts: [{ ...contract, direction: 'turn-up' as const }] }
  expect(reasonOf(up, battery)).toBe('accepted')
  expect(reasonOf(instruction(span('17:00', '17:15', -20_001)), battery)).toBe('exceeds-availability')
  expect(reasonOf(up, { canTurnUp: true })).toBe('outside-window')
  expect(reasonOf(instruction(span('17:00', '17:15', 20_000)), battery)).toBe('outside-window')
  expect(reasonOf(instruction(span('18:00', '20:00', 0)), battery)).toBe('accepted')
})

test('a turn-up holds from its start, and 0 W ends it', () => {
  const up = accepted('a', '16:30', span('17:00', '18:00', -8_000))
  const end = accepted('b', '17:05', span('17:30', '18:00', 0))
  expect(['17:00', '17:29', '17:30'].map((time) => wattsAt([up, end], time))).toEqual([-8_000, -8_000, 0])
})

function accepted(id: string, issued: string, ...intervals: Instruction['intervals']): Accepted {
  return {
    instructionId: id,
    intervals,
    issuedAt: at(issued),
    begunAt: at(issued),
    supersedes: null,
    expiresAt: at('18:00'),
  }
}
const wattsAt = (all: Accepted[], time: string) => turnDownAt(all, at(time))?.turnDownW ?? 0

test('E2EPA007 E2EPA008 E2EPA016 a turn-down holds from its start to its end, the end excluded', () => {
  const one = [accepted('a', '16:30', span('17:00', '17:15', 8_000))]
  expect(['16:59', '17:00', '17:14', '17:15'].map((time) => wattsAt(one, time))).toEqual([0, 8_000, 8_000, 0])
})

test('E2EPA009 0 W ends a turn-down at the time stated in it, not on receipt, and for good', () => {
  const long = accepted('a', '16:30', span('17:00', '18:00', 8_000))
  const end = accepted('b', '17:05', span('17:30', '17:45', 0))
  expect(['17:29', '17:30', '17:50'].map((time) => wattsAt([long, end], time))).toEqual([8_000, 0, 0])
})

test('of instructions for the same time the latest issued holds, and one that is superseded never does', () => {
  const first = accepted('a', '16:30', span('17:00', '17:30', 8_000))
  const second = accepted('b', '16:40', span('17:15', '17:30', 3_000))
  expect(['17:00', '17:15'].map((time) => wattsAt([second, first], time))).toEqual([8_000, 3_000])
  const instead = { ...accepted('c', '16:50', span('17:15', '17:30', 1_000)), supersedes: 'a' }
  expect(['17:00', '17:15'].map((time) => wattsAt([first, instead], time))).toEqual([0, 1_000])
})

test('what was not begun by its expiry never begins', () => {
  const late = { ...accepted('a', '16:30', span('17:00', '17:30', 8_000)), begunAt: null, expiresAt: at('17:00') }
  expect(['17:00', '17:02'].map((time) => wattsAt([late], time))).toEqual([8_000, 0])
  expect(wattsAt([{ ...late, begunAt: at('17:00') }], '17:02')).toBe(8_000)
})
