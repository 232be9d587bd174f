import { and, eq, gt } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { readDepots } from '../../seeds/index.ts'
import { setpoint } from '../chargepoints/tables.ts'
import { startVans, unitOf } from './support/vans.ts'

const { models } = await readDepots()

test('I10 a twin at home that takes one set point at a time is sent those of one van, and of the other once that is gone', async () => {
  const twins = models.map((each) =>
    each.model === 'alfen-eve-single' ? { ...each, sockets: 2, coupling: 'one-at-a-time' as const } : each,
  )
  const vans = await startVans(unitOf(2), '2026-01-14T20:00:00Z', undefined, { models: twins })
  const at = (socket: number) => ({ identity: 'vans-01', socket })
  vans.plugIn(1, { storedWh: 10_000 }, at(1))
  vans.plugIn(2, { storedWh: 10_000 }, at(2))
  const sent = () =>
    vans.db
      .select({ connector: setpoint.connector, limitA: setpoint.limitA })
      .from(setpoint)
      .where(and(eq(setpoint.identity, 'vans-01'), gt(setpoint.connector, 0)))
      .orderBy(setpoint.at)
  await vans.pass(3)
  const beforeWh = vans.energyWh()
  await vans.pass(30)
  const first = await sent()
  const [chosen, other] = first[0]?.connector === 1 ? [1, 2] : [2, 1]
  expect(first.filter(({ connector }) => connector === other)).toEqual([])
  // Full current at one socket and the standing 6 A at the other for half an hour.
  expect(Math.round(vans.energyWh() - beforeWh)).toBe((7_360 + 1_380) / 2)
  vans.controls.unplug('vans-01', chosen)
  await vans.pass(2)
  expect((await sent()).filter(({ connector }) => connector === other)).toMatchObject([{ limitA: 32 }])
})
