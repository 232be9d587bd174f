import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { createLog } from '../../platform/log/index.ts'
import type { Fault, FaultKind } from './faults.ts'
import { planOf } from './plan.ts'
import { playDay } from './play.ts'
import { Sandbox } from './sandbox.ts'

// A day of the whole market takes half a minute, and on a busy machine several.
vi.setConfig({ testTimeout: 600_000 })

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await Sandbox.open(createLog('sim', 'silent'), inject('adminUrl'))
})
afterAll(() => sandbox.close())

/** Seeds of one day, so that its market is prepared once. */
const day = planOf(1).day

const fault = (kind: FaultKind, change: Partial<Fault> = {}): Fault => ({
  kind,
  place: 'fsp-1',
  step: 10,
  nth: 1,
  minutes: 1,
  messages: 40,
  isAfter: true,
  ...change,
})

test('seed 1 holds every invariant, and its faults come about', async () => {
  const plan = planOf(1)
  const { breaches, faults } = await playDay(sandbox, plan, plan.faults)
  expect(breaches).toEqual([])
  expect(Object.values(faults).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(1)
})

test('a day on which the gateway is killed and its hubs fail holds every invariant', async () => {
  const worst = [
    fault('hub-overflow', { place: 'hub-1', step: 6 }),
    fault('hub-mute', { place: 'hub-2', step: 7, minutes: 2 }),
    fault('killed', { place: 'gateway', step: 11, messages: 60, isAfter: false }),
    fault('hub-drift', { place: 'hub-1', step: 14, nth: 4 }),
    fault('answer-lost', { place: 'gateway', step: 16 }),
    fault('message-delayed', { place: 'gateway', step: 17, nth: 2, minutes: 2 }),
    fault('hub-reboot', { place: 'hub-2', step: 18 }),
    fault('clock-step', { place: 'gateway', step: 21, nth: 3, minutes: 3 }),
    fault('restarted', { place: 'gateway', step: 26, minutes: 2 }),
  ]
  const { breaches, faults } = await playDay(sandbox, { seed: 1, day, servers: 1, faults: worst }, worst)
  expect(breaches).toEqual([])
  expect(faults).toMatchObject({ 'hub-overflow': 1, 'hub-mute': 1, killed: 1, 'hub-drift': 1, 'hub-reboot': 1 })
  expect(faults).toMatchObject({ 'answer-lost': 1, 'message-delayed': 1, 'clock-step': 1, restarted: 1 })
})

test('a day on which everybody is killed, cut off and misled once holds every invariant', async () => {
  const worst = [
    fault('message-lost', { step: 11 }),
    fault('answer-lost', { step: 11, place: 'fsp-2' }),
    fault('killed', { step: 16, place: 'dno' }),
    fault('killed', { step: 21 }),
    fault('database-cut', { step: 25, place: 'dno', messages: 90 }),
    fault('message-repeated', { step: 26, place: 'dno' }),
    fault('clock-step', { step: 26, place: 'dno', nth: 4 }),
  ]
  const { breaches, faults } = await playDay(sandbox, { seed: 1, day, servers: 1, faults: worst }, worst)
  expect(breaches).toEqual([])
  expect(faults).toMatchObject({ 'message-lost': 1, 'answer-lost': 1, killed: 2, 'database-cut': 1, 'clock-step': 1 })
})

test('a day of two servers on one database, both of which fail, and of new keys for tokens, holds every invariant', async () => {
  const worst = [
    fault('keys-rotated', { place: 'dno', step: 3 }),
    fault('killed', { step: 11, place: 'dno', messages: 60 }),
    fault('keys-rotated', { step: 15 }),
    fault('killed', { step: 16, place: 'dno-2', messages: 20, isAfter: false }),
    fault('clock-step', { step: 19, place: 'dno-2', nth: 4, minutes: 3 }),
    fault('database-cut', { step: 21, place: 'dno-2', messages: 30 }),
    fault('restarted', { step: 26, place: 'dno' }),
  ]
  const { breaches, faults } = await playDay(sandbox, { seed: 1, day, servers: 2, faults: worst }, worst)
  expect(breaches).toEqual([])
  expect(faults).toEqual({ 'keys-rotated': 2, killed: 2, 'clock-step': 1, 'database-cut': 1, restarted: 1 })
})
