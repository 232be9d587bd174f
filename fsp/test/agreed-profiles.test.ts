import { expect, test } from 'vitest'
import type { SiteSchedule } from '../../schemas/market/customers.ts'
import { type Rig, startRig } from './support/rig.ts'

/** Thursday 15 January 2026 is a weekday; the seed of the depot says 90 kW all day. */
function scheduleOf(rig: Rig, change: Partial<SiteSchedule> = {}): SiteSchedule {
  return {
    connectionId: rig.connectionId,
    name: 'Yard',
    mpans: ['1200000112345'],
    version: 2,
    state: 'approved',
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    fallbackLimitW: null,
    limits: {
      weekday: [
        { from: '00:00', limitW: 80_000 },
        { from: '12:30', limitW: 55_000 },
      ],
      weekend: [{ from: '00:00', limitW: 10_000 }],
    },
    etag: '2.1',
    ...change,
  }
}

const capacityW = async (rig: Rig) => (await rig.depotState()).decision?.capacityW

/** An FSP at 12:02 whose depot is registered. */
async function registered(): Promise<Rig> {
  const rig = await startRig()
  await rig.register()
  return rig
}

test('A6: without a consent the seed’s profile holds; with one the DNO’s, step by step, and it is sent once', async () => {
  const rig = await registered()
  await rig.pass(2)
  expect(await capacityW(rig)).toBe(90_000)
  rig.dno.siteSchedule = scheduleOf(rig)
  await rig.pass(2)
  expect(await capacityW(rig)).toBe(80_000)
  await rig.pass(30)
  expect(await capacityW(rig)).toBe(55_000)
  expect(rig.dno.schedulesSent).toBe(1)
})

test('A6: a new version reaches the depot within two minutes, and an exception of the day goes before its steps', async () => {
  const rig = await registered()
  rig.dno.siteSchedule = scheduleOf(rig)
  await rig.pass(2)
  const { limits } = scheduleOf(rig)
  const exceptions = [{ day: '2026-01-15', steps: [{ from: '00:00', limitW: 42_000 }] }]
  rig.dno.siteSchedule = scheduleOf(rig, { version: 3, etag: '3.1', limits: { ...limits, exceptions } })
  await rig.pass(2)
  expect(await capacityW(rig)).toBe(42_000)
})

test('A6: after its end the fallback holds, and never more than the connection’s limit of 100 kW', async () => {
  const rig = await registered()
  rig.dno.siteSchedule = scheduleOf(rig, { state: 'expired', validTo: '2026-01-14', fallbackLimitW: 25_000 })
  await rig.pass(2)
  expect(await capacityW(rig)).toBe(25_000)
  rig.dno.siteSchedule = scheduleOf(rig, { state: 'expired', validTo: '2026-01-14', etag: '2.2' })
  await rig.pass(2)
  expect(await capacityW(rig)).toBe(100_000)
})

test('A6: what is known outlasts a restart; a consent that is revoked leaves the seed’s profile', async () => {
  const rig = await registered()
  rig.dno.siteSchedule = scheduleOf(rig)
  await rig.pass(2)
  await rig.restart()
  await rig.pass(2)
  expect([await capacityW(rig), rig.dno.schedulesSent]).toEqual([80_000, 1])
  rig.dno.siteSchedule = null
  await rig.pass(2)
  expect(await capacityW(rig)).toBe(90_000)
})
