import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operations } from '../../schemas/operations.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import type { Client, TestCall } from '../../test/support/client.ts'
import { createTestDatabase } from '../../test/support/database.ts'
import {
  awardContracts,
  eveningTender,
  giveAuthority,
  registerFsp,
  registerUnit,
  saveTestNetwork,
  saveTestSite,
  type TestFsp,
} from '../../test/support/market.ts'
import { startTestServer } from '../../test/support/server.ts'

const start = Instant.parse('2025-12-01T09:00:00Z')
const nowhere = {
  controlApi: {
    baseUrl: 'http://127.0.0.1:9/control',
    tokenEndpoint: 'http://127.0.0.1:9/token',
    clientId: 'dno',
    clientSecret: 'long enough',
    scope: 'control',
  },
}

let engineer: Client
let one: TestFsp
let other: TestFsp
let fuIds: string[]
let awardedTenderId: string

beforeAll(async () => {
  const { db, url } = await createTestDatabase('server')
  const clock = new SimulatedClock(start)
  const server = await startTestServer(url, clock)
  engineer = await server.person('erin', 'flexibility-engineer')
  const second = await server.person('sam', 'flexibility-engineer')
  await saveTestNetwork(db)
  const { mpans } = await saveTestSite(db, start, { mpans: 2 })
  one = await registerFsp(server, engineer, 'Depot Charging Ltd', nowhere)
  other = await registerFsp(server, engineer, 'Another Ltd', nowhere)
  const [own = '', others = ''] = mpans
  await giveAuthority(engineer, one.client, own)
  await giveAuthority(engineer, other.client, others)
  const clients = [one.client, one.client, other.client]
  const offers: { client: Client; fuId: string; turnDownW: number }[] = []
  for (const [i, client] of clients.entries()) {
    const { fuId } = await registerUnit(client, `FU ${i}`, client === one.client ? own : others)
    offers.push({ client, fuId, turnDownW: 20_000 })
  }
  fuIds = offers.map((offer) => offer.fuId)
  const [first] = await awardContracts(engineer, second, offers)
  awardedTenderId = first.tenderId
  for (const title of ['Beta', 'Alpha', 'Gamma'])
    await engineer.ask(operations.draftTender, { body: eveningTender({ title, validFrom: '2026-02-01' }) })
}, 60_000)

/** All items of a list, read in pages of one, with how many pages it took. */
async function inPagesOfOne(client: Client, operation: Operation, call: TestCall = {}) {
  const items: Record<string, unknown>[] = []
  let cursor: string | null = null
  let pages = 0
  do {
    const { status, body } = await client.ask(operation, { ...call, query: { ...call.query, limit: 1, cursor } })
    expect(status).toBe(200)
    expect(body.items.length).toBeLessThanOrEqual(1)
    items.push(...body.items)
    cursor = body.nextCursor
    pages++
  } while (cursor && pages < 20)
  return { items, pages }
}

const ofTender = () => ({ params: { id: awardedTenderId } })

test.each([
  ['tenders', operations.listTenders, () => ({}), 4],
  ['responses to a tender', operations.listTenderResponses, ofTender, 2],
  ['contracts', operations.listContracts, () => ({}), 3],
  ['target levels', operations.listTargetLevels, () => ({}), 3],
])('%s come page by page, each once, in the order of the whole list', async (_what, operation, call, count) => {
  const whole = (await engineer.ask(operation, call())).body
  const { items, pages } = await inPagesOfOne(engineer, operation, call())
  expect(items).toEqual(whole.items)
  expect([whole.items.length, pages]).toEqual([count, count])
  expect(whole.nextCursor).toBeNull()
  expect((await engineer.ask(operation, { ...call(), query: { cursor: 'nonsense' } })).status).toBe(400)
})

test('tenders come with the latest service first, and then by title', async () => {
  const { body } = await engineer.ask(operations.listTenders)
  expect(body.items.map((tender: { title: string }) => tender.title)).toEqual([
    'Alpha',
    'Beta',
    'Gamma',
    'Islington evening peak',
  ])
})

test('submitted schedules of a day come page by page, the highest revision of each; an FSP pages through its own', async () => {
  const day = '2026-01-16'
  const submit = (client: Client, fuId: string | undefined, kind: string, revision: number) =>
    client.ask(operations.submitSchedule, {
      params: { fuId, day, kind },
      body: {
        kind,
        resolution: 'PT30M',
        start: `${day}T00:00:00Z`,
        revision,
        values: Array(48).fill(revision),
      },
    })
  for (const revision of [1, 2]) {
    await submit(one.client, fuIds[0], 'baseline', revision)
    await submit(one.client, fuIds[0], 'deviation', revision)
    await submit(other.client, fuIds[2], 'baseline', revision)
  }
  const all = await inPagesOfOne(engineer, operations.listSubmittedSchedules, { query: { day } })
  expect(all.items.map(({ kind, revision }) => [kind, revision])).toHaveLength(3)
  expect(all.items.every(({ revision }) => revision === 2)).toBe(true)
  expect(all.items).toEqual((await engineer.ask(operations.listSubmittedSchedules, { query: { day } })).body.items)
  const own = await inPagesOfOne(other.client, operations.listSubmittedSchedules, { query: { day } })
  expect(own.items).toMatchObject([{ fuId: fuIds[2], kind: 'baseline' }])
})

test('an FSP pages through its own contracts and responses, and sees no drafts', async () => {
  const contracts = await inPagesOfOne(one.client, operations.listContracts)
  expect(contracts.items.map(({ fuId }) => fuId)).toEqual(fuIds.slice(0, 2))
  const responses = await inPagesOfOne(other.client, operations.listTenderResponses, ofTender())
  expect(responses.items).toMatchObject([{ fspName: 'Another Ltd' }])
  expect((await inPagesOfOne(other.client, operations.listTenders)).items).toMatchObject([{ state: 'awarded' }])
})
