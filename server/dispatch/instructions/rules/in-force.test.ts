import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { inForce, type Outcome, type Part } from './in-force.ts'

const at = (time: string) => Instant.parse(`2026-01-20T${time}:00Z`)

const part = (instructionId: string, outcome: Outcome, turnDownW: number, [planned, from, to]: string[]): Part => ({
  instructionId,
  product: 'B',
  outcome,
  turnDownW,
  plannedAt: at(planned ?? ''),
  revision: 1,
  fromAt: at(from ?? ''),
  toAt: at(to ?? ''),
})

const quarter = (parts: Part[]) => inForce(parts).get(at('17:00').toEpochMilli())

test('what is accepted stays in force under a greater one that the FSP refuses, which is instructed as far as it exceeds it', () => {
  // 8 kW throughout, and 20 kW refused from 17:05: 2,000 Wh accepted, and 12 kW more for ten minutes.
  const found = quarter([
    part('a', 'accepted', 8_000, ['16:00', '17:00', '17:15']),
    part('b', 'refused', 20_000, ['16:30', '17:05', '17:15']),
  ])
  expect(found).toMatchObject({ acceptedWh: 2_000, instructedWh: 4_000, isUnreachable: false, plannedAt: at('16:00') })
  expect(found?.parts?.map((p) => [p.instructionId, p.from.slice(11, 16), p.turnDownW, p.outcome])).toEqual([
    ['a', '17:00', 8_000, 'accepted'],
    ['a', '17:05', 8_000, 'accepted'],
    ['b', '17:05', 12_000, 'refused'],
  ])
})

test('a stop ends what was refused, and the price goes by the plan of what stays accepted', () => {
  const found = quarter([
    part('a', 'accepted', 8_000, ['16:00', '17:00', '17:15']),
    part('b', 'refused', 20_000, ['16:30', '17:00', '17:15']),
    part('b', 'stopped', 0, ['17:03', '17:03', '17:15']),
  ])
  // 12 kW more for three minutes.
  expect(found).toMatchObject({ acceptedWh: 2_000, instructedWh: 2_600, plannedAt: at('16:00') })
})
