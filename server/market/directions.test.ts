import { Instant, LocalDate } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { operations } from '../../schemas/operations.ts'
import { dayStart } from '../../schemas/vocabulary/time.ts'
import type { Client } from '../../test/support/client.ts'
import { type DispatchRig, startDispatchRig } from '../../test/support/dispatch.ts'
import { award, eveningTender, registerBattery, registerUnit } from '../../test/support/market.ts'
import { agreed } from '../../test/support/second-person.ts'

let rig: DispatchRig
let second: Client
beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse('2026-01-14T09:00:00Z'))
  second = await rig.server.person('sam', 'flexibility-engineer')
}, 120_000)

const battery = async (name: string) => registerBattery(rig.fsp.client, name, await rig.mpanOf(rig.fsp), 30_000)
const prices = { availabilityGbpPerMwH: '10.00', utilisationGbpPerMwh: '100.00' }

async function openTender(title: string, direction?: string): Promise<string> {
  const { engineer, clock } = rig
  const gateClosesAt = clock.now().plusSeconds(1).toString()
  const body = { ...eveningTender({ title, gateClosesAt }), ...(direction ? { direction } : {}) }
  const made = await engineer.ask(operations.draftTender, { body })
  expect(made.body.direction).toBe(direction ?? 'turn-down')
  await engineer.ask(operations.publishTender, { params: { id: made.body.tenderId } })
  return made.body.tenderId
}

const offer = (tenderId: string, one: object) =>
  rig.fsp.client.ask(operations.respondToTender, {
    params: { id: tenderId },
    body: { bid: 'offered', offers: [{ ...prices, ...one }] },
  })

async function contractOf(tenderId: string) {
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(1))
  await rig.engineer.ask(operations.evaluateTender, { params: { id: tenderId } })
  return award(second, tenderId)
}

test('FA02 an FU states how far it goes in each direction; one that states nothing only turns down', async () => {
  expect(await battery('Both ways')).toMatchObject({
    maxTurnDownW: 30_000,
    maxTurnUpW: 30_000,
    directions: ['turn-down', 'turn-up'],
    canExport: true,
  })
  const plain = await registerUnit(rig.fsp.client, 'One way', await rig.mpanOf(rig.fsp))
  expect(plain).toMatchObject({ maxTurnUpW: 0, directions: ['turn-down'], canExport: false })
  const der = { name: 'Small battery', kind: 'battery', mpan: await rig.mpanOf(rig.fsp), ratedW: 10_000 }
  const { derId } = (await rig.fsp.client.ask(operations.registerDer, { body: der })).body
  const body = { name: 'Too much', derIds: [derId], maxTurnDownW: 10_000, maxTurnUpW: 10_001 }
  expect(await rig.fsp.client.ask(operations.registerFlexibleUnit, { body })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'maxTurnUpW', message: 'is more than the 10000 W that its DERs are rated for' }] },
  })
})

test('a tender for turn-up takes offers of turn-up only, within what the FU is registered to turn up by', async () => {
  const { fuId } = await battery('Offered up')
  const plain = await registerUnit(rig.fsp.client, 'Cannot turn up', await rig.mpanOf(rig.fsp))
  const tenderId = await openTender('Sunny noon', 'turn-up')
  expect(await offer(tenderId, { fuId, turnDownW: 20_000 })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'offers[0].direction', message: 'is turn-down, but the tender is for turn-up' }] },
  })
  expect(await offer(tenderId, { fuId: plain.fuId, direction: 'turn-up', turnDownW: 1 })).toMatchObject({
    status: 422,
    body: {
      errors: [
        {
          field: 'offers[0].turnDownW',
          message: 'is more than the 0 W that Cannot turn up is registered to turn up by',
        },
      ],
    },
  })
  const taken = await offer(tenderId, { fuId, direction: 'turn-up', turnDownW: 20_000 })
  expect(taken).toMatchObject({ status: 200, body: { offers: [{ direction: 'turn-up', turnDownW: 20_000 }] } })
  expect((await contractOf(tenderId)).body.items).toMatchObject([{ fuId, direction: 'turn-up', turnDownW: 20_000 }])
})

test('an offer of turn-up into a tender for turn-down is refused', async () => {
  const { fuId } = await battery('Wrong way')
  const tenderId = await openTender('Evening peak')
  expect(await offer(tenderId, { fuId, direction: 'turn-up', turnDownW: 20_000 })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'offers[0].direction' }] },
  })
})

test('an FU has one contract at a time, whatever its direction', async () => {
  const { fuId } = await battery('Contracted once')
  const up = await openTender('Up in the evening', 'turn-up')
  const down = await openTender('Down in the evening')
  expect((await offer(up, { fuId, direction: 'turn-up', turnDownW: 20_000 })).status).toBe(200)
  expect((await offer(down, { fuId, turnDownW: 10_000 })).status).toBe(200)
  await rig.clock.advanceTo(rig.clock.now().plusSeconds(1))
  for (const id of [up, down]) await rig.engineer.ask(operations.evaluateTender, { params: { id } })
  expect((await award(second, up)).status).toBe(200)
  expect(await award(second, down)).toMatchObject({ status: 409 })
})

test('a standing contract is for turn-up where it says so', async () => {
  const { fuId } = await battery('Standing up')
  const body = {
    fuId,
    product: 'B',
    direction: 'turn-up',
    turnDownW: 30_001,
    availabilityGbpPerMwH: '0',
    utilisationGbpPerMwh: '80.00',
    validFrom: '2026-01-14',
    validTo: '2026-12-31',
    windows: [{ weekdays: ['thursday'], from: '11:00', to: '15:00' }],
    baselineMethod: 'recent-history',
    baselineFallback: 'nominated',
    reference: 'Framework 2026/18',
  }
  const enter = (change: object) => rig.engineer.ask(operations.enterStandingContract, { body: { ...body, ...change } })
  expect(await enter({})).toMatchObject({ status: 422, body: { errors: [{ field: 'turnDownW' }] } })
  await agreed(second, enter({ turnDownW: 30_000 }))
  const { items } = (await rig.fsp.client.ask(operations.listContracts)).body
  expect(items.find((one: { fuId: string }) => one.fuId === fuId)).toMatchObject({ direction: 'turn-up' })
})

test('schedules for turn-down and for turn-up stand side by side, by API and in a file', async () => {
  const { fuId } = await battery('Scheduled both ways')
  const day = '2026-01-16'
  const start = dayStart(LocalDate.parse(day)).toString()
  const submit = (change: object) =>
    rig.fsp.client.ask(operations.submitSchedule, {
      params: { fuId, day, kind: 'deviation' },
      body: { kind: 'deviation', resolution: 'PT30M', start, revision: 1, ...change },
    })
  const flat = (w: number) => Array.from({ length: 48 }, () => w)
  expect((await submit({ values: flat(10_000) })).body).toMatchObject({ direction: 'turn-down' })
  expect((await submit({ direction: 'turn-up', values: flat(25_000) })).body).toMatchObject({ direction: 'turn-up' })
  expect(await submit({ direction: 'turn-up', revision: 2, values: flat(30_001) })).toMatchObject({ status: 422 })
  const read = async (query: Record<string, unknown>) =>
    (await rig.engineer.ask(operations.readSubmittedSchedule, { params: { fuId, day, kind: 'deviation' }, query })).body
  expect((await read({})).values[0]).toBe(10_000)
  expect((await read({ direction: 'turn-up' })).values[0]).toBe(25_000)
  const file = await rig.fsp.client.ask(operations.downloadSchedules, { query: { day } })
  const own = [file.body.split('\n')[0], ...file.body.split('\n').filter((line: string) => line.startsWith(fuId))]
  expect(own).toHaveLength(97)
  const again = own.map((line: string) => line.replace(',PT30M,1,', ',PT30M,2,')).join('\n')
  expect(await rig.fsp.client.ask(operations.uploadSchedules, { body: again })).toMatchObject({
    body: { accepted: 2, unchanged: 0 },
  })
})
