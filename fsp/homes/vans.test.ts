import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { windowIn } from './vans.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const pending = (from: string, to: string, change = {}) => ({
  instructionId: from,
  depotId: 'vans',
  from: at(from),
  fromMs: at(from).toEpochMilli(),
  toMs: at(to).toEpochMilli(),
  isReplaced: false,
  hasBegun: false,
  ...change,
})
const spanAt = (all: Parameters<typeof windowIn>[0], time: string) => {
  const found = windowIn(all, 'vans', at(time))
  return found && [found.fromMs, found.toMs].map((ms) => `${Instant.ofEpochMilli(ms)}`.slice(11, 16))
}

test('instructions that follow each other without a gap are one turn-down; one that was replaced or is of another unit is none', () => {
  const all = [
    pending('17:15', '17:30'),
    pending('17:00', '17:15'),
    pending('18:00', '18:15'),
    pending('17:30', '18:00', { isReplaced: true }),
    pending('17:30', '18:00', { depotId: 'other' }),
  ]
  expect(['16:59', '17:00', '17:20', '17:30', '18:10'].map((time) => spanAt(all, time))).toEqual([
    null,
    ['17:00', '17:30'],
    ['17:15', '17:30'],
    null,
    ['18:00', '18:15'],
  ])
})
