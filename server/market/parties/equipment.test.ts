import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'
import { unitEquipment, unitsThatExport } from './index.ts'

let rig: DispatchRig
let [fuId, mpan] = ['', '']
const on = (day: string) => ({ first: LocalDate.parse(day), last: LocalDate.parse(day) })
const leaves = '2026-01-19'

/** Chargers of 30 kW, and a battery of 20 kW that leaves on Monday 19 January. */
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-15T09:00:00Z'))
  const { client } = rig.fsp
  mpan = await rig.mpanOf(rig.fsp)
  const registered = async (kind: string, ratedW: number) =>
    (await client.ask(operations.registerDer, { body: { name: kind, kind, mpan, ratedW } })).body.derId
  const derIds = [await registered('ev-charging', 30_000), await registered('battery', 20_000)]
  const body = { name: 'Depot', derIds, maxTurnDownW: 50_000 }
  fuId = (await client.ask(operations.registerFlexibleUnit, { body })).body.fuId
  const leave = { params: { id: derIds[1] }, body: { fuId: null, from: leaves } }
  expect((await client.ask(operations.moveDer, leave)).status).toBe(200)
}, 240_000)

test('a DER that has left carries nothing and exports nothing from then on; for the days before it still counts', async () => {
  const equipment = async (day: string) => {
    const { equipmentW, canExport, ratedWByDer } = await unitEquipment(rig.db, fuId, on(day))
    return { equipmentW, canExport, ders: ratedWByDer.size }
  }
  expect(await equipment('2026-01-18')).toEqual({ equipmentW: 50_000, canExport: true, ders: 2 })
  expect(await equipment(leaves)).toEqual({ equipmentW: 30_000, canExport: false, ders: 1 })
  expect([...(await unitsThatExport(rig.db, [fuId], on('2026-01-18')))]).toEqual([fuId])
  expect([...(await unitsThatExport(rig.db, [fuId], on(leaves)))]).toEqual([])
  const both = { first: LocalDate.parse('2026-01-18'), last: LocalDate.parse('2026-01-20') }
  expect((await unitEquipment(rig.db, fuId, both)).equipmentW).toBe(50_000)
})

test('an FU follows its connection to the node that a file moves it to', async () => {
  const nodeOf = async () => (await rig.engineer.ask(operations.readFlexibleUnit, { params: { id: fuId } })).body.nodeId
  expect(await nodeOf()).toBe('sec')
  const planner = await rig.server.person('priya', 'planner')
  const text = `mpans,nodeId\n${mpan},pri\n`
  const { status, body } = await planner.ask(operations.importConnections, { text })
  expect(status, JSON.stringify(body)).toBe(200)
  expect(await nodeOf()).toBe('pri')
})
