import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Alarm } from '../../../schemas/grid/alarms.ts'
import { operations } from '../../../schemas/operations.ts'
import type { Client } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { startTestServer } from '../../../test/support/server.ts'
import { checkFeeds } from '../../grid/feeds/index.ts'
import { auditEntry } from '../../kit/index.ts'
import { demandEditionPart } from '../demand/tables.ts'
import { forgetOld, readLost } from './jobs.ts'
import { dataDelivery, dataDeliveryPart, dataFeed } from './tables.ts'

const { db, url } = await createTestDatabase('server')
const start = Instant.parse('2026-02-02T10:00:00Z')
const clock = new SimulatedClock(start)
const server = await startTestServer(url, clock)
/** The watch over feeds, so many days from now. */
const watchAfter = (days: number) => checkFeeds(server.context, start.plusSeconds(days * 86_400))
const administrator = await server.person('ada', 'administrator')
const planner = await server.person('priya', 'planner')
const viewer = await server.person('sam', 'settlement')

/** A data provider with a client of its own. */
async function provider(providerId: string): Promise<Client> {
  const body = { name: `Company ${providerId}`, email: `data@${providerId}.example` }
  await administrator.ask(operations.saveDataProvider, { params: { providerId }, body, version: null })
  const { body: made } = await administrator.ask(operations.makeClient, {
    body: { clientId: `client-of-${providerId}`, providerId, authentication: { method: 'client_secret_basic' } },
  })
  expect(made).toMatchObject({ kind: 'provider', subjectId: providerId, scopes: ['data'] })
  return server.tokenClient(made.clientId, made.clientSecret, 'data')
}

let rides: Client
let rivals: Client
const monthly = { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 }
const agreedBody = (feedId: string, given: object) =>
  ({ name: `Feed ${feedId}`, providerId: 'rides', kind: 'trips', rhythm: monthly, ...given }) as never
/** Agrees a feed, or changes what is agreed as it is now. */
const agree = async (feedId: string, given: object) => {
  const feeds = (await administrator.ask(operations.listDataFeeds)).body
  const version = feeds.find((feed: { feedId: string }) => feed.feedId === feedId)?.etag ?? null
  return administrator.ask(operations.saveDataFeed, { params: { feedId }, body: agreedBody(feedId, given), version })
}
const deliver = (client: Client, feedId: string, text: string, key?: string) =>
  client.ask(operations.deliverDataFile, {
    params: { feedId },
    query: { name: 'january.csv' },
    text,
    ...(key === undefined ? {} : { idempotencyKey: key }),
  })
const trip = (vehicle: string, km: number | string, day = '05') =>
  `${vehicle},car,2026-01-${day}T08:00:00Z,2026-01-${day}T08:30:00Z,a,b,${km}`
const file = (...lines: string[]) => `vehicle,model,pickup,endedAt,fromArea,toArea,km\n${lines.join('\n')}\n`
const mapped = { columns: { startedAt: 'pickup' }, mostRejectedPercent: 40 }
const alarms = async (feedId: string): Promise<Alarm[]> =>
  (await administrator.ask(operations.listAlarms)).body.items.filter((each: Alarm) => each.source.id === feedId)
const feedOf = async (client: Client, feedId: string) =>
  (await client.ask(operations.listDataFeeds)).body.find((feed: { feedId: string }) => feed.feedId === feedId)
const partsOf = async (deliveryId: string) =>
  (await db.select().from(dataDeliveryPart).where(eq(dataDeliveryPart.deliveryId, deliveryId))).length

beforeAll(async () => {
  rides = await provider('rides')
  rivals = await provider('rivals')
})

describe('P6 a month of trips', () => {
  test('is delivered by the provider’s own client, becomes an edition, and is kept as it came', async () => {
    expect(await agree('rides-trips', mapped)).toMatchObject({ status: 200, body: { freshness: 'never' } })
    const text = file(trip('v', 5), trip('w', 6))
    const { status, body } = await deliver(rides, 'rides-trips', text, 'month-1')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      isRepeat: false,
      delivery: {
        state: 'taken',
        rows: 2,
        taken: 2,
        rejected: 0,
        newVehicleCount: 2,
        summary: { trips: 2, vehicles: 2 },
        bytes: text.length,
        deliveredBy: 'client-of-rides',
      },
    })
    const { deliveryId, editionId } = body.delivery
    const edition = await planner.ask(operations.readDemandEdition, { params: { id: editionId } })
    expect(edition.body).toMatchObject({
      kind: 'trips',
      rows: 2,
      newVehicles: ['v', 'w'],
      columns: { startedAt: 'pickup' },
      importedBy: 'client-of-rides',
    })
    const kept = await rides.ask(operations.downloadDelivery, { params: { feedId: 'rides-trips', deliveryId } })
    expect(kept.body).toBe(text)
    expect(await feedOf(rides, 'rides-trips')).toMatchObject({ freshness: 'green', quarantined: 0 })
    const entries = await db.select().from(auditEntry).where(eq(auditEntry.subjectId, deliveryId))
    expect(entries.map(({ action, actorKind }) => [action, actorKind])).toEqual([
      ['data-delivery.received', 'provider'],
      ['data-delivery.taken', 'provider'],
    ])
  })

  test('is taken once, under its key and by its bytes', async () => {
    const text = file(trip('v', 7, '06'))
    const first = await deliver(rides, 'rides-trips', text, 'month-2')
    expect((await deliver(rides, 'rides-trips', text, 'month-2')).body).toEqual(first.body)
    const again = await deliver(rides, 'rides-trips', text, 'another key')
    expect(again.body).toEqual({ isRepeat: true, delivery: first.body.delivery })
    expect(await deliver(rides, 'rides-trips', file(trip('v', 8)), 'month-2')).toMatchObject({ status: 409 })
  })

  test('with some rows that do not fit is taken without them: each has its line and reason, and an alarm says so', async () => {
    const { body } = await deliver(rides, 'rides-trips', file(trip('x', 5), trip('x', 'far', '06'), trip('y', 5)))
    expect(body.delivery).toMatchObject({ state: 'partly', rows: 3, taken: 2, rejected: 1, newVehicleCount: 2 })
    expect(body.delivery.rejections).toMatchObject([{ line: 3, field: 'km' }])
    expect(await alarms('rides-trips')).toMatchObject([
      { kind: 'feed-drift', message: expect.stringContaining('1 of 3 rows of january.csv were rejected; line 3: km') },
    ])
    await deliver(rides, 'rides-trips', file(trip('y', 9, '07')))
    expect(await alarms('rides-trips')).toMatchObject([{ state: 'cleared-unacknowledged' }])
  })

  test('with too many such rows waits in quarantine, and leaves nothing behind but itself', async () => {
    const before = (await db.select().from(demandEditionPart)).length
    const { status, body } = await deliver(rides, 'rides-trips', file(trip('z', 5), trip('z', 'far', '06')))
    expect(status).toBe(200)
    expect(body.delivery).toMatchObject({
      state: 'quarantined',
      taken: 0,
      rejected: 1,
      editionId: null,
      hasContent: true,
    })
    expect(body.delivery.reason).toBe('1 of 2 rows were rejected, and at most 40 % may be')
    expect((await db.select().from(demandEditionPart)).length).toBe(before)
    expect(await feedOf(planner, 'rides-trips')).toMatchObject({ quarantined: 1 })
    expect((await alarms('rides-trips')).map(({ kind }) => kind)).toContain('feed-failed')
  })

  test('with other headings waits in quarantine until the feed is agreed anew, and is then read again', async () => {
    const text = file(trip('q', 5))
      .replace('pickup', 'begin')
      .replace('km\n', 'km,rating\n')
      .replace(',5\n', ',5,4.9\n')
    const { body } = await deliver(rides, 'rides-trips', text)
    expect(body.delivery).toMatchObject({ state: 'quarantined' })
    expect(body.delivery.reason).toContain('pickup is missing from the headings')
    const params = { feedId: 'rides-trips', deliveryId: body.delivery.deliveryId }
    await agree('rides-trips', { ...mapped, columns: { startedAt: 'begin' } })
    const half = await planner.ask(operations.replayDelivery, { params })
    expect(half.body.reason).toContain('rating is a heading that is not agreed')
    await agree('rides-trips', { ...mapped, columns: { startedAt: 'begin' }, passedOver: ['rating'] })
    const whole = await planner.ask(operations.replayDelivery, { params })
    expect(whole.body).toMatchObject({ state: 'taken', taken: 1, reason: null, replays: 2 })
    // Once more: another edition, and the first stays for the runs that used it.
    const more = await planner.ask(operations.replayDelivery, { params })
    expect(more.body.editionId).not.toBe(whole.body.editionId)
    expect((await planner.ask(operations.readDemandEdition, { params: { id: whole.body.editionId } })).status).toBe(200)
    await agree('rides-trips', mapped)
  })

  test('that is no text waits in quarantine unread', async () => {
    const { body } = await deliver(rides, 'rides-trips', 'PK\u0003\u0004 and so on')
    expect(body.delivery.reason).toBe('it is a ZIP archive or an office document, where CSV is expected')
  })

  test('that does not come raises an alarm that names its owner and contact, the more urgent the later', async () => {
    await agree('rides-late', mapped)
    await deliver(rides, 'rides-late', file(trip('v', 5)))
    await watchAfter(36)
    expect(await alarms('rides-late')).toMatchObject([
      { kind: 'feed-stale', priority: 'low', message: expect.stringContaining('Company rides, data@rides.example') },
    ])
    await watchAfter(46)
    expect(await alarms('rides-late')).toMatchObject([{ priority: 'high' }])
    await deliver(rides, 'rides-late', file(trip('v', 6)))
    expect(await alarms('rides-late')).toMatchObject([{ state: 'cleared-unacknowledged' }])
  })

  test('that comes once is not waited for again', async () => {
    await agree('rides-once', { ...mapped, rhythm: { everyDays: null, lateAfterDays: 10, failedAfterDays: 20 } })
    await watchAfter(11)
    expect(await alarms('rides-once')).toMatchObject([{ kind: 'feed-stale', state: 'unacknowledged' }])
    await deliver(rides, 'rides-once', file(trip('v', 5)))
    await agree('rides-once', { ...mapped, rhythm: { everyDays: null, lateAfterDays: 10, failedAfterDays: 20 } })
    await watchAfter(3_000)
    expect(await alarms('rides-once')).toMatchObject([{ state: 'cleared-unacknowledged', occurrences: 1 }])
  })
})

test('P7 a register of public charge points is delivered with the columns of its own layout, whatever else it has', async () => {
  await agree('points', { kind: 'charge-points' })
  const text =
    'chargeDeviceID,name,latitude,longitude,connector1RatedOutputKW,connector1ChargeMethod,county\n' +
    'p1,High Street,51.5,-0.1,50,DC,London\np2,Taxi rank,51.6,-0.1,50,DC,London\n'
  const { body } = await deliver(rides, 'points', text)
  expect(body.delivery).toMatchObject({ state: 'taken', summary: { chargePoints: 2, taxiOnly: 1 }, anomalyCount: 1 })
})

describe('FM40 a data provider', () => {
  test('sees and delivers its own feeds, and another’s do not exist to it', async () => {
    const { body } = await deliver(rides, 'rides-trips', file(trip('own', 5, '09')))
    const { deliveryId } = body.delivery
    const feedId = 'rides-trips'
    expect((await rivals.ask(operations.listDataFeeds)).body).toEqual([])
    for (const answer of [
      await deliver(rivals, feedId, file(trip('v', 5))),
      await rivals.ask(operations.listDeliveries, { params: { feedId } }),
      await rivals.ask(operations.readDelivery, { params: { feedId, deliveryId } }),
      await rivals.ask(operations.downloadDelivery, { params: { feedId, deliveryId } }),
    ])
      expect(answer.status).toBe(404)
    expect((await rides.ask(operations.readDelivery, { params: { feedId, deliveryId } })).body.deliveryId).toBe(
      deliveryId,
    )
  })

  test('does nothing else, and nobody but planners reads what it delivers', async () => {
    for (const stated of [operations.listDemandEditions, operations.listFeeds, operations.listClients])
      expect((await rides.ask(stated)).status).toBe(403)
    expect((await viewer.ask(operations.listDataFeeds)).status).toBe(403)
    expect(
      (await planner.ask(operations.saveDataFeed, { params: { feedId: 'x' }, body: {} as never, version: null }))
        .status,
    ).toBe(403)
  })

  test('loses its access when its client is blocked', async () => {
    const own = await provider('blocked')
    await administrator.ask(operations.setClientAccess, {
      params: { clientId: 'client-of-blocked' },
      body: { active: false },
    })
    expect((await own.ask(operations.listDataFeeds)).status).toBe(401)
  })

  test('delivers nothing to a feed that is switched off', async () => {
    await agree('off', { ...mapped, isActive: false })
    const answer = await deliver(rides, 'off', file(trip('v', 5)))
    expect(answer).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is switched off') } })
  })
})

test('FM15 the second of two who change what is agreed is told who was faster, and nothing is lost', async () => {
  const { body: made } = await agree('two', { kind: 'charge-points' })
  const save = (given: object) =>
    administrator.ask(operations.saveDataFeed, {
      params: { feedId: 'two' },
      body: agreedBody('two', { kind: 'charge-points', ...given }),
      version: made.etag,
    })
  const first = await save({ keepDays: 30 })
  expect([first.status, first.body.keepDays]).toEqual([200, 30])
  const second = await save({ mostRejectedPercent: 5 })
  expect(second).toMatchObject({
    status: 412,
    body: { detail: expect.stringContaining('The feed Feed two was changed by ada') },
  })
  expect(second.headers.get('etag')).toBe(`"${first.body.etag}"`)
  const now = (await administrator.ask(operations.listDataFeeds)).body.find(
    (feed: { feedId: string }) => feed.feedId === 'two',
  )
  expect(now).toMatchObject({ keepDays: 30, mostRejectedPercent: 1, etag: first.body.etag })
})

test('FM15 the second of two who change a data provider is told, and the first change stays', async () => {
  const params = { providerId: 'twice' }
  const save = (body: { name: string; email?: string }, version: string | null) =>
    administrator.ask(operations.saveDataProvider, { params, body, version })
  const { body: made } = await save({ name: 'Twice' }, null)
  const first = await save({ name: 'Twice', email: 'data@twice.example' }, made.etag)
  expect(first).toMatchObject({ status: 200, body: { email: 'data@twice.example' } })
  for (const version of [made.etag, null])
    expect(await save({ name: 'Twice Ltd' }, version)).toMatchObject({
      status: 412,
      body: { detail: expect.stringContaining('data provider Twice is there, or has changed since you read it') },
    })
  expect((await administrator.ask(operations.listDataProviders)).body).toContainEqual(first.body)
})

test('a feed keeps its provider and kind, needs a provider that is there, and a rhythm that can be kept', async () => {
  await agree('kept', mapped)
  expect(await agree('kept', { ...mapped, providerId: 'rivals' })).toMatchObject({ status: 409 })
  expect(await agree('kept', { kind: 'areas' })).toMatchObject({ status: 409 })
  const params = { id: 'weather' }
  await administrator.ask(operations.registerFeed, {
    params,
    body: operations.registerFeed.body.meta()?.['example'],
    version: null,
  })
  expect(await agree('weather', mapped)).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('another feed weather in the registry') },
  })
  expect(await agree('other', { providerId: 'nobody' })).toMatchObject({
    status: 422,
    body: { errors: [{ field: 'providerId' }] },
  })
  expect(await agree('other', { rhythm: { everyDays: 31, lateAfterDays: 30, failedAfterDays: 45 } })).toMatchObject({
    body: { errors: [{ field: 'rhythm.lateAfterDays', message: 'must be at least everyDays' }] },
  })
})

test('FM a delivery whose server ended before it was read is read by the next', async () => {
  const text = file(trip('lost', 5))
  const { body } = await deliver(rides, 'rides-trips', text)
  const { deliveryId } = body.delivery
  const unread = { state: 'received' as const, editionId: null, rows: 0, taken: 0, lastReadAt: null }
  await db.update(dataDelivery).set(unread).where(eq(dataDelivery.deliveryId, deliveryId))
  await readLost(server.context, clock.now())
  expect((await db.select().from(dataDelivery).where(eq(dataDelivery.deliveryId, deliveryId)))[0]?.state).toBe(
    'received',
  )
  await readLost(server.context, clock.now().plusSeconds(16 * 60))
  expect((await db.select().from(dataDelivery).where(eq(dataDelivery.deliveryId, deliveryId)))[0]).toMatchObject({
    state: 'taken',
    taken: 1,
  })
})

test('the bytes of trips are forgotten when trips are, those that were never read after a month, and their digests stay', async () => {
  await agree('short', { ...mapped, keepDays: 3_000 })
  const text = file(trip('v', 5, '11'))
  const { delivery: read } = (await deliver(rides, 'short', text)).body
  const { delivery: unread } = (await deliver(rides, 'short', 'nothing,of,this\n1,2,3\n')).body
  const after = (days: number) => clock.now().plusSeconds(days * 86_400)
  await forgetOld(server.context, after(29))
  expect([await partsOf(read.deliveryId), await partsOf(unread.deliveryId)]).toEqual([1, 1])
  await forgetOld(server.context, after(31))
  expect([await partsOf(read.deliveryId), await partsOf(unread.deliveryId)]).toEqual([1, 0])
  await forgetOld(server.context, after(401))
  expect(await partsOf(read.deliveryId)).toBe(0)
  const params = { feedId: 'short', deliveryId: read.deliveryId }
  expect(await planner.ask(operations.replayDelivery, { params })).toMatchObject({ status: 409 })
  expect((await rides.ask(operations.downloadDelivery, { params })).status).toBe(409)
  expect((await deliver(rides, 'short', text)).body).toMatchObject({ isRepeat: true, delivery: { hasContent: false } })
})

describe('P8 the half-hours of a customer’s whole sites', () => {
  const customerId = randomUUID()
  const strangerId = randomUUID()
  let carl: Client
  let sue: Client
  const [siteId, secondId] = [randomUUID(), randomUUID()]
  const history = (...lines: string[]) => `site,start,kwh\n${lines.join('\n')}\n`
  const background = async () => (await carl.ask(operations.readSiteBackground, { params: { assetId: siteId } })).body

  beforeAll(async () => {
    for (const [id, name] of [
      [customerId, 'Royal Post'],
      [strangerId, 'Strangers'],
    ] as const)
      await planner.ask(operations.saveCustomer, { params: { customerId: id }, body: { name }, version: null })
    carl = await server.account({ username: 'carl', fullName: 'Carl', roles: ['customer'], customerId })
    sue = await server.account({ username: 'sue', fullName: 'Sue', roles: ['customer'], customerId: strangerId })
    for (const assetId of [siteId, secondId])
      await carl.ask(operations.savePlanAsset, {
        params: { assetId },
        body: { kind: 'site', name: `Depot ${assetId}`, content: { assumedPeakKw: 500 } } as never,
        version: null,
      })
    await agree('depot-energy', {
      kind: 'site-history',
      customerId,
      columns: { periodStart: 'start' },
      mostRejectedPercent: 50,
    })
  })
  const open = (client: Client, assetId: string, siteReference: string) =>
    client.ask(operations.openSiteToFeed, { params: { assetId }, body: { feedId: 'depot-energy', siteReference } })

  test('are taken only of sites that the customer has opened: otherwise nothing of the file is kept', async () => {
    const { body } = await deliver(rides, 'depot-energy', history('Mount,2026-01-05T08:00:00Z,40'))
    expect(body.delivery).toMatchObject({ state: 'quarantined', hasContent: false, taken: 0 })
    expect(body.delivery.reason).toBe('its customer has not opened Mount to this feed')
    expect(await partsOf(body.delivery.deliveryId)).toBe(0)
    expect(await background()).toMatchObject({ source: 'assumed', peakKw: 500 })
  })

  test('reach the plans of the site once it is open, and a later file adds to them', async () => {
    expect((await open(carl, siteId, 'Mount')).body.sites).toMatchObject([{ assetId: siteId, siteReference: 'Mount' }])
    const first = await deliver(
      rides,
      'depot-energy',
      history('Mount,2026-01-05T08:00:00Z,40', 'Mount,2026-01-05T08:30:00Z,30', 'Mount,2026-01-05T08:30:00Z,31'),
    )
    expect(first.body.delivery).toMatchObject({ state: 'partly', rejected: 1, summary: { sites: 1, halfHours: 2 } })
    expect(await background()).toMatchObject({ source: 'history', peakKw: 80, knownHalfHours: 2 })
    await deliver(rides, 'depot-energy', history('Mount,2026-01-05T08:30:00Z,50', 'Mount,2026-01-05T09:00:00Z,20'))
    expect(await background()).toMatchObject({ peakKw: 100, knownHalfHours: 3 })
    const [feed] = (await carl.ask(operations.listHistoryFeeds)).body
    expect(feed).toMatchObject({
      feedId: 'depot-energy',
      provider: 'Company rides',
      sites: [{ lastTakenAt: expect.any(String) }],
    })
  })

  test('FM40 are no other customer’s to open or to see', async () => {
    expect((await sue.ask(operations.listHistoryFeeds)).body).toEqual([])
    const assetId = randomUUID()
    const body = { kind: 'site', name: 'Own', content: { assumedPeakKw: 1 } } as never
    await sue.ask(operations.savePlanAsset, { params: { assetId }, body, version: null })
    expect(await open(sue, assetId, 'Mount')).toMatchObject({ status: 404 })
    expect(await open(sue, siteId, 'Mount')).toMatchObject({ status: 404 })
    const params = { assetId: siteId }
    expect(await sue.ask(operations.closeSiteToFeed, { params })).toMatchObject({ status: 404 })
    expect(await open(carl, secondId, 'Mount')).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('close that first') },
    })
  })

  test('keep their site until it is closed', async () => {
    const removal = { params: { assetId: siteId }, version: 1 }
    expect(await carl.ask(operations.removePlanAsset, removal)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is open to the feed depot-energy: close it to that feed first') },
    })
  })

  test('stop when the customer closes the site: the files are forgotten, and the history stays its own', async () => {
    await carl.ask(operations.closeSiteToFeed, { params: { assetId: siteId } })
    const { items } = (await planner.ask(operations.listDeliveries, { params: { feedId: 'depot-energy' } })).body
    expect(items.map(({ hasContent }: { hasContent: boolean }) => hasContent)).toEqual([false, false, false])
    expect(await background()).toMatchObject({ source: 'history', knownHalfHours: 3 })
    const { body } = await deliver(rides, 'depot-energy', history('Mount,2026-01-06T08:00:00Z,40'))
    expect(body.delivery).toMatchObject({ state: 'quarantined', hasContent: false })
  })

  test('need a customer, and no other kind of feed has one', async () => {
    expect(await agree('nobody', { kind: 'site-history' })).toMatchObject({ status: 422 })
    expect(await agree('somebody', { kind: 'trips', customerId })).toMatchObject({ status: 422 })
  })
})

test('FM40 the database itself hides feeds and deliveries of others from a data provider and a customer', async () => {
  const seenAs = (setting: string, value: string) =>
    db.transaction(async (tx) => {
      // The role that servers work as: the owner of tables is above their policies.
      await tx.execute(sql`set local role ringmain_runtime`)
      await tx.execute(sql`select set_config(${setting}, ${value}, true)`)
      const feeds = await tx.select({ feedId: dataFeed.feedId, providerId: dataFeed.providerId }).from(dataFeed)
      const deliveries = await tx.select({ providerId: dataDelivery.providerId }).from(dataDelivery)
      return { feeds: feeds.map(({ feedId }) => feedId), deliveries: deliveries.length }
    })
  expect(await seenAs('ringmain.provider', 'rivals')).toEqual({ feeds: [], deliveries: 0 })
  expect((await seenAs('ringmain.provider', 'rides')).feeds).toContain('rides-trips')
  expect((await seenAs('ringmain.customer', randomUUID())).feeds).toEqual([])
})
