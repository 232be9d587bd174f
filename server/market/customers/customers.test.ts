import { randomUUID } from 'node:crypto'
import { Instant, LocalDate } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import type { Mail } from '../../../platform/mail/index.ts'
import type { profileApplication } from '../../../schemas/grid/profiles.ts'
import { operationGroups, operations } from '../../../schemas/operations.ts'
import { requestOf } from '../../../schemas/vocabulary/client.ts'
import type { Client, TestCall } from '../../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../../test/support/dispatch.ts'
import { statedOperations } from '../../../test/support/operations.ts'
import { agreed, secondPerson } from '../../../test/support/second-person.ts'
import { breach, complianceDay } from '../../grid/compliance/tables.ts'
import { profile } from '../../grid/connections/tables.ts'
import { saveTestSite } from '../../grid/test/support/site.ts'
import { tellCustomers } from './index.ts'
import { customerSite, siteConsent, toldVersion } from './tables.ts'

let rig: DispatchRig
let planner: Client
let administrator: Client
let second: Client
let own: string
let others: string
const customerId = randomUUID()
const strangerId = randomUUID()
/** A person of the customer, its program, and a person of another customer. */
let carl: Client
let program: Client
let stranger: Client

const at = Instant.parse(`${rigDay}T09:00:00Z`)

beforeAll(async () => {
  rig = await startDispatchRig(at)
  const { server } = rig
  planner = await server.person('priya', 'planner')
  administrator = await server.person('ada', 'administrator')
  second = await secondPerson(server)
  own = (await saveTestSite(server.context.db, at, { name: 'Islington' })).connectionId
  others = (await saveTestSite(server.context.db, at, { name: 'Camden' })).connectionId
  await addCustomer(customerId, 'Royal Mail', own)
  await addCustomer(strangerId, 'Another', others)
  carl = await server.account({ username: 'carl', fullName: 'Carl', roles: ['customer'], customerId })
  stranger = await server.account({ username: 'sue', fullName: 'Sue', roles: ['customer'], customerId: strangerId })
  const made = await administrator.ask(operations.makeClient, {
    body: { clientId: 'royal-mail', authentication: { method: 'client_secret_basic' }, customerId },
  })
  program = await server.tokenClient('royal-mail', made.body.clientSecret, 'customer')
})

async function addCustomer(id: string, name: string, connectionId: string) {
  const params = { customerId: id }
  const body = { name, email: `${name.toLowerCase().replace(' ', '-')}@customer.example` }
  await planner.ask(operations.saveCustomer, { params, body, version: null })
  const { etag } = (await planner.ask(operations.readCustomerSites, { params })).body
  const call = { params, body: { connectionIds: [connectionId] }, version: etag }
  await agreed(second, planner.ask(operations.saveCustomerSites, call))
}

const application = () => operations.applyForProfile.body.meta()?.['example'] as z.input<typeof profileApplication>
const page = async (client: Client, id = own) => client.ask(operations.readOwnSite, { params: { id } })
const schedule = (client: Client, id = own, day = '2026-06-01') =>
  client.ask(operations.readSiteSchedule, { params: { id }, query: { day } })

describe('who a customer is', () => {
  test('its person and its program see its own sites with the limit in force and compliance, and no others', async () => {
    for (const client of [carl, program]) {
      const { body } = await client.ask(operations.listOwnSites)
      expect(body.map(({ name }: { name: string }) => name)).toEqual(['Islington'])
      expect(body[0]).toMatchObject({ connectionId: own, limitW: expect.any(Number), limitSource: expect.any(String) })
      expect(body[0].state).toMatch(/compliant|unknown/)
      expect((await page(client, others)).status).toBe(404)
    }
    expect((await stranger.ask(operations.listOwnSites)).body).toMatchObject([{ name: 'Camden' }])
  })

  test('it reads a day of its site, with breaches that do not name FUs, and how long the limit was kept', async () => {
    const { db } = rig.server.context
    const [breachId, fuId] = [randomUUID(), randomUUID()]
    const when = { start: at.minusSeconds(600), end: at.minusSeconds(60), countedTo: at.minusSeconds(60) }
    const much = { limitW: 100_000, limitSource: 'asc' as const, peakExcessW: 5_000, excessWh: 700, excessW: 0 }
    await db.insert(breach).values({ breachId, connectionId: own, fuId, ...when, ...much })
    await db.insert(complianceDay).values({
      connectionId: own,
      tradingDay: LocalDate.parse(rigDay),
      compliantS: 3_000,
      atRiskS: 0,
      breachS: 540,
      unknownS: 60,
    })
    const params = { id: own }
    const day = (await carl.ask(operations.readOwnSiteDay, { params })).body
    expect(day).toMatchObject({ connectionId: own, tradingDay: rigDay, load: [], breaches: [{ breachId }] })
    expect(day.limits[0]).toMatchObject({ limitW: expect.any(Number) })
    expect(day.breaches[0]).not.toHaveProperty('fuId')
    const query = { from: rigDay, to: rigDay }
    expect((await carl.ask(operations.readOwnSiteCompliance, { params, query })).body).toEqual([
      { tradingDay: rigDay, compliantS: 3_000, atRiskS: 0, breachS: 540, unknownS: 60 },
    ])
    await db.delete(breach).where(eq(breach.breachId, breachId))
  })

  test('nothing else of the DNO opens to it', async () => {
    for (const client of [carl, program]) {
      expect((await client.ask(operations.listConnections)).status).toBe(403)
      expect((await client.ask(operations.readConnection, { params: { id: own } })).status).toBe(403)
      expect((await client.ask(operations.listProfiles)).status).toBe(403)
      expect((await client.ask(operations.listTenders)).status).toBe(403)
    }
    expect((await carl.ask(operations.readSession)).body).toMatchObject({ roles: ['customer'], customerId })
  })

  test('an account of a customer has that role alone, and a customer that is there', async () => {
    const put = (body: Record<string, unknown>) =>
      administrator.ask(operations.changeAccount, {
        params: { username: 'cora' },
        body: { fullName: 'Cora', password: 'a long pass phrase', ...body },
      })
    expect((await put({ roles: ['customer'] })).body.errors).toMatchObject([{ field: 'customerId' }])
    expect((await put({ roles: ['customer', 'planner'], customerId })).body.errors).toMatchObject([{ field: 'roles' }])
    expect((await put({ roles: ['customer'], customerId: randomUUID() })).body.errors).toMatchObject([
      { field: 'customerId', message: expect.stringContaining('is not a customer') },
    ])
    expect(await put({ roles: ['customer'], customerId })).toMatchObject({ status: 200, body: { customerId } })
  })

  test('a site that is added waits for a second person; one that is taken away is gone at once', async () => {
    const params = { customerId: strangerId }
    const { etag } = (await planner.ask(operations.readCustomerSites, { params })).body
    const body = { connectionIds: [others, own] }
    const waiting = await planner.ask(operations.saveCustomerSites, { params, body, version: etag })
    expect(waiting.body).toMatchObject({ title: 'Open sites to Another' })
    expect((await page(stranger, own)).status).toBe(404)
    await agreed(second, waiting)
    expect((await page(stranger, own)).status).toBe(200)
    const now = (await planner.ask(operations.readCustomerSites, { params })).body
    const less = { params, body: { connectionIds: [others] }, version: now.etag }
    expect((await planner.ask(operations.saveCustomerSites, less)).body.connectionIds).toEqual([others])
    expect((await page(stranger, own)).status).toBe(404)
    expect((await planner.ask(operations.saveCustomerSites, less)).status).toBe(412)
  })
})

describe('A11: the customer applies for its profile', () => {
  let profileId: string

  test('an application reaches the planners’ inbox, once for one key, and is seen by the customer alone', async () => {
    const call = { params: { id: own }, body: application(), idempotencyKey: 'mine' }
    const made = await carl.ask(operations.applyForOwnProfile, call)
    expect(made).toMatchObject({ status: 200, body: { state: 'applied', decidedAt: null } })
    expect((await carl.ask(operations.applyForOwnProfile, call)).body).toEqual(made.body)
    profileId = made.body.profileId
    const inbox = (await planner.ask(operations.listProfiles, { query: { state: 'applied' } })).body
    expect(inbox).toContainEqual(expect.objectContaining({ profileId, appliedBy: 'carl', source: 'customer' }))
    expect((await page(carl)).body.versions).toMatchObject([{ profileId, state: 'applied' }, {}])
    expect((await carl.ask(operations.listOwnApplications)).body[0]).toMatchObject({
      profileId,
      connectionName: 'Islington',
    })
    const seen = (await stranger.ask(operations.listOwnApplications)).body
    expect(seen.map(({ connectionName }: { connectionName: string }) => connectionName)).toEqual(['Camden'])
    const refused = { params: { id: others }, body: application() }
    expect((await carl.ask(operations.applyForOwnProfile, refused)).status).toBe(404)
  })

  test('a rejection shows with its reason, without who decided', async () => {
    const { revision } = (await planner.ask(operations.readProfile, { params: { id: profileId } })).body
    const body = { reason: 'The substation is replaced in May.' }
    await planner.ask(operations.rejectProfile, { params: { id: profileId }, body, version: revision })
    const [version] = (await page(carl)).body.versions
    expect(version).toMatchObject({ profileId, state: 'rejected', reason: body.reason, decidedAt: at.toString() })
    expect(JSON.stringify((await page(carl)).body)).not.toContain('priya')
  })

  test('A6: an approved version is read as JSON and CSV by person and program, which asks until it changes; and is told by mail', async () => {
    const body = { ...application(), validFrom: '2026-05-01', validTo: '2027-12-31' }
    const before = await schedule(program, own, '2026-01-15')
    const known = before.headers.get('etag') ?? ''
    const { path, init } = requestOf(operations.readSiteSchedule, { params: { id: own }, query: { day: '2026-01-15' } })
    const again = () =>
      fetch(`${rig.server.url}${path}`, { ...init, headers: { ...program.headers, 'if-none-match': known } })
    expect((await again()).status).toBe(304)
    const made = (await carl.ask(operations.applyForOwnProfile, { params: { id: own }, body })).body
    expect((await again()).status).toBe(304)
    const { revision } = (await planner.ask(operations.readProfile, { params: { id: made.profileId } })).body
    const decision = { supersede: true, assumption: 'Nothing else is there.' }
    const approved = await planner.ask(operations.approveProfile, {
      params: { id: made.profileId },
      body: decision,
      version: revision,
    })
    expect(approved.status).toBe(200)
    expect((await again()).status).toBe(200)
    for (const client of [carl, program]) {
      expect((await schedule(client)).body).toMatchObject({
        version: made.version,
        state: 'approved',
        limits: body.limits,
      })
      const csv = await client.ask(operations.exportSiteSchedule, { params: { id: own }, query: { day: '2026-06-01' } })
      expect(csv.body).toContain('weekday,16:00,100000')
    }
    expect((await schedule(stranger)).status).toBe(404)
    const mails: Mail[] = []
    const send = async (mail: Mail) => void mails.push(mail)
    await tellCustomers(rig.server.context, send, at)
    await tellCustomers(rig.server.context, send, at)
    expect(mails).toMatchObject([
      {
        to: 'royal-mail@customer.example',
        subject: `Islington: version ${made.version} of the profile is approved`,
        text: expect.stringContaining(`/planner/sites/${own}`),
      },
    ])
  })

  test('a mail that the mail server does not take is sent at the next pass', async () => {
    await rig.server.context.db.execute(sql`delete from told_version`)
    const mails: Mail[] = []
    await tellCustomers(rig.server.context, () => Promise.reject(new Error('greylisted')), at)
    await tellCustomers(rig.server.context, async (mail) => void mails.push(mail), at)
    expect(mails).toHaveLength(1)
  })
})

describe('A6: the FSP of a site reads its profile by consent', () => {
  let consentId: string
  const give = (until: string | null = null) =>
    carl.ask(operations.giveSiteConsent, { params: { id: own }, body: { fspId: rig.fsp.fspId, until } })

  test('without a consent the site does not exist to it', async () => {
    expect((await schedule(rig.fsp.client)).status).toBe(404)
    expect((await rig.fsp.client.ask(operations.listSiteConsents)).body).toEqual([])
  })

  test('with one it reads the same profile, and both sides see the consent with its dates', async () => {
    const given = await give()
    expect(given).toMatchObject({
      status: 200,
      body: { givenAt: at.toString(), givenBy: 'carl', until: null, revokedAt: null, holds: true },
    })
    consentId = given.body.consentId
    expect((await schedule(rig.fsp.client)).body).toEqual((await schedule(carl)).body)
    for (const client of [rig.fsp.client, carl])
      expect((await client.ask(operations.listSiteConsents)).body).toMatchObject([
        { consentId, connectionName: 'Islington' },
      ])
    expect((await stranger.ask(operations.listSiteConsents)).body).toEqual([])
    expect((await give()).status).toBe(409)
  })

  test('another customer cannot revoke it; its own revokes it at once, and again without effect', async () => {
    const params = { id: consentId }
    expect((await stranger.ask(operations.revokeSiteConsent, { params })).status).toBe(404)
    const revoked = await carl.ask(operations.revokeSiteConsent, { params })
    expect(revoked.body).toMatchObject({ holds: false, revokedAt: at.toString() })
    expect((await schedule(rig.fsp.client)).status).toBe(404)
    expect((await carl.ask(operations.revokeSiteConsent, { params })).body).toEqual(revoked.body)
  })

  test('one that ends on a day holds on that day and not on the next, and none begins in the past', async () => {
    expect((await give('2026-01-14')).body.errors).toMatchObject([{ field: 'until' }])
    expect((await give(rigDay)).body).toMatchObject({ until: rigDay, holds: true })
    const { db } = rig.server.context
    await db.execute(sql`update site_consent set until = '2026-01-14' where revoked_at is null`)
    expect((await schedule(rig.fsp.client)).status).toBe(404)
  })

  test('the consent of a customer ends with its site', async () => {
    expect((await give()).status).toBe(200)
    expect((await schedule(rig.fsp.client)).status).toBe(200)
    const params = { customerId }
    const { etag } = (await planner.ask(operations.readCustomerSites, { params })).body
    await planner.ask(operations.saveCustomerSites, { params, body: { connectionIds: [] }, version: etag })
    expect((await schedule(rig.fsp.client)).status).toBe(404)
    expect((await carl.ask(operations.listOwnSites)).body).toEqual([])
  })
})

describe('FM40: what is another customer’s does not exist', () => {
  const ofSite: Record<string, (id: string) => TestCall> = {
    readOwnSite: (id) => ({ params: { id } }),
    readOwnSiteDay: (id) => ({ params: { id } }),
    readOwnSiteCompliance: (id) => ({ params: { id }, query: { from: '2026-01-01', to: rigDay } }),
    applyForOwnProfile: (id) => ({ params: { id }, body: application() }),
    giveSiteConsent: (id) => ({ params: { id }, body: { fspId: rig.fsp.fspId, until: null } }),
    readSiteSchedule: (id) => ({ params: { id } }),
    exportSiteSchedule: (id) => ({ params: { id } }),
  }
  /** The operations of site planning are in planning/sites/sites.test.ts. */
  const plans = [...Object.keys(operationGroups.planAssets), ...Object.keys(operationGroups.planRuns), 'applyByPlan']
  /** Meters that data providers deliver for are in planning/data-feeds/data-feeds.test.ts. */
  const histories = Object.keys(operationGroups.historyFeeds)
  const elsewhere = [
    'listOwnSites',
    'listOwnApplications',
    'listSiteConsents',
    'previewProfile',
    'revokeSiteConsent',
    ...plans,
    ...histories,
  ]

  test('every operation that lets customers in says here what keeps them apart', () => {
    const open = statedOperations.filter(([, { access }]) => access !== 'anyone' && access.customer)
    expect(open.map(([name]) => name).toSorted()).toEqual([...Object.keys(ofSite), ...elsewhere].toSorted())
  })

  test.each(Object.entries(ofSite))('%s', async (name, callOf) => {
    const stated = statedOperations.find(([one]) => one === name)?.[1]
    if (!stated) throw new Error(`there is no ${name}`)
    expect((await stranger.ask(stated, callOf(own))).status).toBe(404)
    expect((await stranger.ask(stated, callOf(others))).status).toBe(200)
  })

  test('the database itself hides sites, consents and notices of other customers from a call, to read and to write', async () => {
    const { db } = rig.server.context
    const whose = (rows: readonly { customerId: string }[]) => new Set(rows.map((row) => row.customerId))
    const tables = [customerSite, siteConsent, toldVersion]
    await db.insert(customerSite).values({ customerId, connectionId: own, since: at }).onConflictDoNothing()
    const [version] = await db.select().from(profile).limit(1)
    const told = { profileId: version?.profileId ?? '', toldAt: at }
    await db
      .insert(toldVersion)
      .values([customerId, strangerId].map((id) => ({ ...told, customerId: id })))
      .onConflictDoNothing()
    for (const table of tables) expect(whose(await db.select().from(table))).toEqual(new Set([customerId, strangerId]))
    await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('ringmain.customer', ${strangerId}, true)`)
      for (const table of tables) expect(whose(await tx.select().from(table))).toEqual(new Set([strangerId]))
      const taken = await tx
        .update(siteConsent)
        .set({ revokedBy: 'sue' })
        .where(eq(siteConsent.customerId, customerId))
        .returning()
      expect(taken).toEqual([])
    })
    const stolen = db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('ringmain.customer', ${strangerId}, true)`)
      await tx.insert(customerSite).values({ customerId, connectionId: others, since: at })
    })
    await expect(stolen).rejects.toMatchObject({ cause: { message: expect.stringContaining('row-level security') } })
  })
})
