import { expect, test } from 'vitest'
import { depotOperations } from '../../schemas/fsp/depot-api.ts'
import { createClient } from '../../test/support/client.ts'
import { tokenShown } from '../chargepoints/tables.ts'
import { siteLoad } from '../depots/tables.ts'
import { startLoggedRig } from './support/field-cases.ts'
import { startRig } from './support/rig.ts'

test('SET01 SET02 headroom follows each new site load, by the formula and never below 0', async () => {
  const rig = await startRig()
  const headroomAt = async (siteLoadW: number) => {
    expect((await rig.siteLoad(siteLoadW)).status).toBe(204)
    await rig.clock.advanceTo(rig.clock.now())
    const { decision } = await rig.depotState()
    await rig.clock.advanceTo(rig.clock.now().plusSeconds(60))
    return decision?.headroomW
  }
  expect([await headroomAt(30_000), await headroomAt(85_000), await headroomAt(95_000)]).toEqual([60_000, 5_000, 0])
})

test('SET01 what the vehicles draw is part of the site load and is added back', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const id = await unit.plugIn(1, 'yard-001')
  await unit.meter(1, id, 10, 7_000)
  await rig.siteLoad(30_000)
  await rig.clock.advanceTo(rig.clock.now())
  expect((await rig.depotState()).decision).toMatchObject({ evLoadW: 7_000, buildingW: 23_000, headroomW: 67_000 })
})

test('FM28 when the site load stops, a conservative figure stands in and the state says so', async () => {
  const rig = await startRig()
  await rig.siteLoad(15_000)
  await rig.pass(10)
  expect((await rig.depotState()).decision).toMatchObject({ staleSiteLoad: false, buildingW: 15_000 })
  await rig.pass(1)
  expect((await rig.depotState()).decision).toMatchObject({ staleSiteLoad: true, buildingW: 24_000, headroomW: 66_000 })
})

test('FM28 a site load that stops is warned of once; one that has not come yet after a start is not, for ten minutes', async () => {
  const rig = await startLoggedRig()
  const stale = () => rig.logged.filter(({ msg }) => msg.startsWith('site load is stale')).length
  await rig.pass(9)
  expect(stale()).toBe(0)
  await rig.pass(2)
  expect(stale()).toBe(1)
  await rig.siteLoad(15_000)
  await rig.pass(10)
  expect(stale()).toBe(1)
  await rig.pass(5)
  expect(stale()).toBe(2)
})

test('the depot API asks for its key, knows its depots, and stores nothing of a broken body', async () => {
  const rig = await startRig()
  const { listDepots, readDepot, takeSiteLoad } = depotOperations
  const bare = await createClient(rig.fsp.url).ask(listDepots)
  const wrong = await rig.depotApi(listDepots, {}, { authorization: 'Bearer wrong' })
  const nowhere = await rig.depotApi(readDepot, { params: { depotId: 'nowhere' } })
  expect([bare.status, wrong.status, nowhere.status]).toEqual([401, 401, 404])
  const readings = [
    { at: '2026-01-15T12:00:00Z', siteLoadW: 1 },
    { at: 'yesterday', siteLoadW: 2 },
  ]
  const broken = await rig.depotApi(takeSiteLoad, { body: { readings } })
  expect(broken.status).toBe(422)
  expect(broken.body).toMatchObject({ errors: [{ field: 'readings[1].at' }] })
  expect(await rig.db.select().from(siteLoad)).toEqual([])
  expect((await fetch(`${rig.fsp.url}/healthz`)).status).toBe(200)
  const document = (await (await fetch(`${rig.fsp.url}/openapi.json`)).json()) as { paths: object }
  expect(Object.keys(document.paths)).toContain('/control/instructions')
})

test('sockets go through their states, an idle unit may be quiet, and a charging one that is lost is missed', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  const state = async () => (await rig.depotState()).sockets.find((s) => s.identity === 'yard-01')?.state
  const seen = [await state()]
  const id = await unit.plugIn(1, 'yard-001')
  seen.push(await state())
  await unit.status(1, 'Finishing')
  await unit.stop(id, 10)
  seen.push(await state())
  await unit.status(1, 'Available')
  await unit.hangUp()
  await expect.poll(async () => (await rig.depotState()).sockets[0]?.connected).toBe(false)
  seen.push(await state())
  expect(seen).toEqual(['available', 'charging', 'finishing', 'available'])
  await rig.pass(1)
  const back = rig.chargePoint('yard-01')
  await back.boot()
  await back.plugIn(1, 'yard-001', 10)
  await back.hangUp()
  await expect.poll(state).toBe('communications-lost')
})

test('a vehicle at a unit without a link keeps its share: its last limit, and the standing one after that', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'yard-001')
  await rig.offer(40)
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(32)
  await unit.hangUp()
  await expect.poll(async () => (await rig.depotState()).sockets[0]?.connected).toBe(false)
  await rig.offer(40)
  await rig.pass(1)
  expect((await rig.depotState()).decision?.budgetW).toBe((40 - 32) * 230)
  for (let i = 0; i < 20; i++) {
    await rig.offer(40)
    await rig.pass(1)
  }
  expect((await rig.depotState()).decision?.budgetW).toBe((40 - 6) * 230)
})

test('a unit that was lost counts with its standing limit in a later site load, so that the building is not taken for smaller', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await rig.offer(32)
  const transactionId = await unit.plugIn(1, 'yard-001')
  await unit.meter(1, transactionId, 0, 7_360)
  await unit.hangUp()
  await rig.pass(20)
  // Its set point has ended: of 30,000 W it draws 6 A × 230 V = 1,380 W, and the building 28,620 W; not 30,000 − 7,360.
  await rig.siteLoad(30_000)
  await rig.pass(1)
  expect((await rig.depotState()).decision).toMatchObject({ buildingW: 28_620 })
})

test('DDB08 an unknown token is recorded as that, and charges with default priority', async () => {
  const rig = await startRig()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  await unit.plugIn(1, 'somebody-else')
  await rig.offer(20)
  await rig.pass(1)
  expect(unit.limits(1).at(-1)).toBe(20)
  expect(await rig.db.select().from(tokenShown)).toMatchObject([{ idTag: 'somebody-else', known: 'unknown' }])
})

test('DDB10 one token on two sockets of different models charges on both', async () => {
  const rig = await startRig()
  const [one, two] = [rig.chargePoint('yard-01'), rig.chargePoint('yard-03')]
  await one.boot()
  await two.boot()
  const ids = [await one.plugIn(1, 'yard-001'), await two.plugIn(1, 'yard-001')]
  expect(new Set(ids).size).toBe(2)
  await rig.offer(64)
  await rig.pass(1)
  expect([one.limits(1).at(-1), two.limits(1).at(-1)]).toEqual([32, 32])
})

test('a stranger is not let in, and a message that breaks the OCPP schema is refused and harms nothing', async () => {
  const rig = await startRig()
  await expect(rig.chargePoint('yard-99').boot()).rejects.toThrow()
  const unit = rig.chargePoint('yard-01')
  await unit.boot()
  // Past the client’s own check, as bad firmware would send it.
  unit.sendRaw('[2,"1","StartTransaction",{"connectorId":"one"}]')
  unit.sendRaw('this is no OCPP')
  await unit.plugIn(1, 'yard-001')
  expect((await rig.depotState()).sockets[0]?.transaction).toMatchObject({ idTag: 'yard-001' })
})
