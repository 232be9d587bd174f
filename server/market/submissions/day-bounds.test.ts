import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../../schemas/operations.ts'
import { type DispatchRig, startDispatchRig } from '../../../test/support/dispatch.ts'

let rig: DispatchRig
let fuId: string
let mpan: string
let revision = 0
const [before, after] = ['2026-01-16', '2026-01-19']

/** An FU for 50 kW: chargers of 30 kW, and 20 kW that leave it on Monday 19 January. */
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-15T09:00:00Z'))
  const { client } = rig.fsp
  mpan = await rig.mpanOf(rig.fsp)
  const registered = async (name: string, ratedW: number) =>
    (await client.ask(operations.registerDer, { body: { name, kind: 'ev-charging', mpan, ratedW } })).body.derId
  const derIds = [await registered('Staying', 30_000), await registered('Leaving', 20_000)]
  const body = { name: 'Depot', derIds, maxTurnDownW: 50_000 }
  fuId = (await client.ask(operations.registerFlexibleUnit, { body })).body.fuId
  const leave = { params: { id: derIds[1] }, body: { fuId: null, from: after } }
  expect((await client.ask(operations.moveDer, leave)).status).toBe(200)
}, 240_000)

/** A deviation of 25 kW in every half-hour of a day, but for those stated. */
const submit = (day: string, changed: Record<number, number>, kind = 'deviation') =>
  rig.fsp.client.ask(operations.submitSchedule, {
    params: { fuId, day, kind },
    body: {
      kind,
      resolution: 'PT30M',
      start: `${day}T00:00:00Z`,
      revision: ++revision,
      values: Array.from({ length: 48 }, (_, i) => changed[i] ?? 25_000),
    },
  })

test('FB04 a deviation is bounded by the DERs that the FU has on the day', async () => {
  expect((await submit(before, { 30: 45_000 })).status).toBe(200)
  expect(await submit(after, { 30: 45_000 })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: 'values[30]',
          message: `is 45000 W from ${after}T15:00:00Z, more than the 30000 W that the DERs of Depot are rated for on ${after}`,
        },
      ],
    },
  })
  expect((await submit(after, { 30: 30_000 })).status).toBe(200)
})

test('FB04 a file of schedules is bounded by the same', async () => {
  const rows = Array.from({ length: 48 }, (_, i) => {
    const start = Instant.parse(`${after}T00:00:00Z`).plusSeconds(i * 1_800)
    return `${fuId},availability,${after},PT30M,1,${start},${i === 30 ? 45_000 : 0}`
  })
  const text = ['fu_id,kind,trading_day,resolution,revision,period_start,value', ...rows].join('\n')
  // The heading is line 1, so the 31st half-hour is line 32.
  expect(await rig.fsp.client.ask(operations.uploadSchedules, { text }, { 'content-type': 'text/csv' })).toMatchObject({
    status: 422,
    body: {
      errors: [{ field: expect.stringContaining('32'), message: expect.stringContaining('30000 W that the DERs') }],
    },
  })
})

test('FB04 while the FU is out of service it offers nothing', async () => {
  const out = { inService: false, effectiveFrom: `${before}T12:00:00Z`, reason: 'Works' }
  const params = { id: fuId }
  expect((await rig.fsp.client.ask(operations.declareServiceStatus, { params, body: out })).status).toBe(200)
  const morning = Object.fromEntries(Array.from({ length: 24 }, (_, i) => [24 + i, 0]))
  expect(await submit(before, { ...morning, 40: 10_000 })).toMatchObject({
    status: 422,
    body: {
      errors: [{ field: 'values[40]', message: expect.stringContaining('Depot is declared out of service then') }],
    },
  })
  expect((await submit(before, morning)).status).toBe(200)
  const back = { inService: true, effectiveFrom: `${before}T18:00:00Z`, reason: 'Done' }
  expect((await rig.fsp.client.ask(operations.declareServiceStatus, { params, body: back })).status).toBe(200)
  expect((await submit(before, { ...morning, 40: 10_000 })).status).toBe(200)
})
