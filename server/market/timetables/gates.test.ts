import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { beforeEach, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { askForTimetable, listedTimetable } from '../../../test/support/timetables.ts'
import { listContracts } from '../../market/index.ts'
import { contract } from '../../market/tenders/tables.ts'

const at = (time: string, day = rigDay) => Instant.parse(`${day}T${time}:00Z`)
const tomorrow = '2026-01-16'

let rig: DispatchRig
beforeEach(async () => {
  rig = await startDispatchRig(at('09:00'))
})

/** Submits a deviation of so many W in every half-hour of tomorrow, or others from a half-hour on. */
function submit(
  fuId: string,
  revision: number,
  turnDownW: number,
  change: { from: number; turnDownW: number } | null = null,
) {
  const values = Array.from({ length: 48 }, (_, i) => (change && i >= change.from ? change.turnDownW : turnDownW))
  return rig.fsp.client.ask(operations.submitSchedule, {
    params: { fuId, day: tomorrow, kind: 'deviation' },
    body: { kind: 'deviation', resolution: 'PT30M', start: `${tomorrow}T00:00:00Z`, revision, values },
  })
}

test('FB04 a deviation is no longer accepted once the product of its FU has gone out', async () => {
  const [ahead, intraday] = [await rig.unitFor('B', 'Day ahead'), await rig.unitFor('C', 'Intraday')]
  for (const fuId of [ahead, intraday]) expect((await submit(fuId, 1, 10_000)).status).toBe(200)
  await rig.clock.advanceTo(at('20:01'))
  expect(await submit(ahead, 2, 20_000)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('product B') },
  })
  expect((await submit(intraday, 2, 20_000)).status).toBe(200)
  await rig.clock.advanceTo(at('12:00', tomorrow))
  expect((await submit(intraday, 3, 30_000)).status).toBe(409)
})

test('of an FU with two products, a later gate lets through what changes nothing in the windows of the earlier one', async () => {
  const fuId = await rig.unitFor('B', 'Both')
  const { db } = rig.server.context
  const [own] = await listContracts(db, { fuIds: [fuId] })
  const evening = (own?.windows ?? []).map((window) => ({ ...window, from: '20:00', to: '22:00' }))
  const other = await rig.unitFor('C', 'Other')
  await db.update(contract).set({ fuId, windows: evening }).where(eq(contract.fuId, other))
  expect((await submit(fuId, 1, 10_000)).status).toBe(200)
  await rig.clock.advanceTo(at('20:01'))
  expect((await submit(fuId, 2, 10_000, { from: 37, turnDownW: 20_000 })).status).toBe(409)
  expect((await submit(fuId, 2, 10_000, { from: 38, turnDownW: 20_000 })).status).toBe(200)
})

test('a gate closes no later than the product goes out', async () => {
  const { settings } = (await listedTimetable(rig.engineer, 'B')) ?? {}
  const late = { ...settings?.gates, deviation: { daysBefore: 1, at: '20:15' } }
  expect(await askForTimetable(rig.engineer, 'B', { gates: late } as never)).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'settings.gates.deviation', message: expect.stringContaining('20:00') }] },
  })
  const earlier = { rhythm: { ...settings?.rhythm, at: '17:00' } }
  expect(await askForTimetable(rig.engineer, 'B', earlier as never)).toMatchObject({
    status: 422,
    body: { errors: expect.arrayContaining([expect.objectContaining({ field: 'settings.gates.deviation' })]) },
  })
  const atTheHour = { ...settings?.gates, deviation: { daysBefore: 1, at: '20:00' } }
  expect((await askForTimetable(rig.engineer, 'B', { gates: atTheHour } as never)).status).toBe(200)
})
