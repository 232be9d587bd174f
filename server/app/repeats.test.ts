import { randomInt, randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { isVersioned } from '../../platform/http/index.ts'
import type { ExperimentForm } from '../../schemas/dispatch/experiments.ts'
import { operations } from '../../schemas/operations.ts'
import { createClient as createCaller } from '../../schemas/vocabulary/client.ts'
import { isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import type { Client } from '../../test/support/client.ts'
import { type DispatchRig, rigDay, startDispatchRig } from '../../test/support/dispatch.ts'
import { eveningTender, registerUnit } from '../../test/support/market.ts'
import { statedOperations } from '../../test/support/operations.ts'
import { agreed, secondPerson } from '../../test/support/second-person.ts'
import { customer } from '../access/customers/tables.ts'
import { saveClient } from '../access/index.ts'
import { saveTestSite } from '../grid/test/support/site.ts'
import { customerSite } from '../market/customers/tables.ts'
import { runWaiting } from '../planning/demand/run-demand.ts'
import { runWaitingPlans } from '../planning/index.ts'
import { statement } from '../settlement/statements/lines/tables.ts'

// Every operation that takes an Idempotency-Key, and every one that takes If-Match, is called here as an impatient and as a slow
// client would: what a new one needs for that is said in `given`.

let rig: DispatchRig
let administrator: Client
let gateway: Client
/** A customer with sites of its own. */
let owner: Client
const ownerId = randomUUID()

beforeAll(async () => {
  rig = await startDispatchRig(Instant.parse(`${rigDay}T09:00:00Z`))
  const { server } = rig
  administrator = await server.person('ada', 'administrator')
  await saveClient(server.context.db, {
    clientId: 'gateway-1',
    kind: 'gateway',
    subjectId: 'gateway-1',
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the gateway' },
  })
  await server.context.db.insert(customer).values({ customerId: ownerId, name: 'Royal Mail' })
  const account = { username: 'carl', fullName: 'Carl', roles: ['customer' as const], customerId: ownerId }
  owner = await server.account(account)
  gateway = await server.tokenClient('gateway-1', 'secret of the gateway', 'gateway')
})

interface Given {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** A connection that nothing else touches. */
async function freshConnection(): Promise<{ id: string }> {
  const { body } = await administrator.ask(operations.registerConnection, { body: connectionForm() })
  return { id: body.connectionId }
}

const connectionForm = () => ({
  name: `Site ${randomUUID().slice(0, 8)}`,
  customer: 'Royal Mail',
  address: '',
  licenceArea: 'LPN',
  nodeId: 'sec',
  ascKva: 240,
  powerFactor: 0.95,
  mpans: [],
})

async function experimentForm(): Promise<ExperimentForm> {
  const example = operations.saveExperiment.body.meta()?.['example'] as ExperimentForm
  const requiredData = { feedIds: [], measuredPercent: null }
  const connectionIds = [(await freshConnection()).id]
  return { ...example, name: `Experiment ${randomUUID()}`, connectionIds, fuIds: [], requiredData }
}

/** Small files of EV demand, by kind. */
async function freshEditions(): Promise<Record<'trips' | 'vehicles' | 'areas' | 'growth', string>> {
  const files = {
    vehicles: 'model,usableKwh,kwhPerKm,acKw,dcKw\ncar,50,0.2,7,50\n',
    areas: 'code,borough,easting,northing,cars\na,Camden,530000,180000,500\nb,Camden,531000,180000,500\n',
    growth: 'area,2026,2027\na,0.1,0.2\n',
    trips:
      'vehicle,model,startedAt,endedAt,fromArea,toArea,km\nv,car,2026-01-14T08:00:00Z,2026-01-14T09:00:00Z,a,b,9\n',
  }
  const found: Record<string, string> = {}
  for (const [kind, body] of Object.entries(files)) {
    const params = { kind: kind as keyof typeof files }
    const { body: made } = await administrator.ask(operations.importDemandEdition, { params, text: body })
    found[kind] = made.edition.editionId
  }
  return found as Record<keyof typeof files, string>
}

/** A feed of trips that nobody has agreed yet; its provider is there. */
async function newDataFeed() {
  const body = operations.saveDataFeed.body.meta()?.['example'] as object
  await administrator.ask(operations.saveDataProvider, {
    params: { providerId: 'city-rides' },
    body: { name: 'City Rides' },
    version: null,
  })
  return { params: { feedId: `feed-${randomUUID()}` }, body: { ...body, columns: {} } }
}

/** A feed of trips to which nothing has been delivered. */
async function freshDataFeed(): Promise<string> {
  const feed = await newDataFeed()
  await administrator.ask(operations.saveDataFeed, { ...feed, version: null })
  return feed.params.feedId
}

/** A run over the network in which `sec` is over its headroom in 2027. */
async function fullRun(): Promise<string> {
  const files = {
    areas: 'code,borough,easting,northing,cars\na,Camden,530000,180000,9000\n',
    growth: 'area,2026,2027\na,0.1,1\n',
  }
  const made: Record<string, string> = {}
  for (const [kind, text] of Object.entries(files)) {
    const params = { kind: kind as keyof typeof files }
    made[kind] = (await administrator.ask(operations.importDemandEdition, { params, text })).body.edition.editionId
  }
  const body = { title: 'Full', areas: made['areas'] ?? '', growth: made['growth'] ?? '', toYear: 2027 }
  const run = await administrator.ask(operations.startNetworkRun, { body })
  await runWaiting(rig.server.context)
  return run.body.runId
}

/** A site of the customer that nothing else touches. */
async function ownSite(): Promise<{ id: string }> {
  const site = await freshConnection()
  await rig.server.context.db
    .insert(customerSite)
    .values({ customerId: ownerId, connectionId: site.id, since: rig.clock.now() })
  return site
}

/** An asset of the customer's plans. */
async function planAsset(kind: string, content: object): Promise<string> {
  const assetId = randomUUID()
  const body = { kind, name: assetId, content } as never
  await owner.ask(operations.savePlanAsset, { params: { assetId }, body, version: null })
  return assetId
}

/** A combination of no vehicles at a site. */
async function planScenario(): Promise<string> {
  const siteId = await planAsset('site', { assumedPeakKw: 5 })
  return planAsset('scenario', { siteId, groupIds: [], chargePoints: [] })
}

/** An application that nobody has decided on. */
async function freshProfile(): Promise<{ id: string }> {
  const params = await freshConnection()
  const body = operations.applyForProfile.body.meta()?.['example']
  return { id: (await administrator.ask(operations.applyForProfile, { params, body })).body.profileId }
}

/** A hub that nothing else touches. */
async function freshHub(): Promise<string> {
  return (await saveTestSite(rig.server.context.db, rig.clock.now())).hubId
}

/** The client of a gateway that nothing else uses. */
async function freshClient(): Promise<string> {
  const body = { clientId: `gateway-${randomUUID()}`, authentication: { method: 'client_secret_basic' } }
  return (await administrator.ask(operations.makeClient, { body })).body.clientId
}

/** A draft of no lines. */
async function freshStatement(): Promise<string> {
  const [id, { fspId }] = [randomUUID(), rig.fsp]
  await rig.server.context.db.insert(statement).values({
    statementId: id,
    number: id,
    fspId,
    product: 'A',
    month: `2026-${id}`,
    state: 'draft',
    baselineMethod: 'zero',
    preparedAt: rig.clock.now(),
    preparedBy: 'clara',
    totalGbp: '0.00',
  })
  return id
}

/** A point map that waits for a second person. */
async function freshProposal(): Promise<{ id: string }> {
  const params = { name: `model-${randomUUID().slice(0, 8)}` }
  const body = operations.savePointMap.body.meta()?.['example']
  return { id: (await administrator.ask(operations.savePointMap, { params, body, version: null })).body.proposalId }
}

const freshUnit = async () => (await registerUnit(rig.fsp.client, `Unit ${randomUUID().slice(0, 8)}`, rig.mpan)).fuId
const span = { validFrom: '2027-01-01', validTo: '2027-12-31' }
const settingsOf = async (operation: Operation, of: Record<string, string>) => {
  const { body } = await administrator.ask(operation)
  const [member = '', value] = Object.entries(of)[0] ?? []
  return body.items.find((item: Record<string, unknown>) => item[member] === value).settings
}

/** An FU of which nothing has been measured for half an hour, and another one that could stand in for it. */
async function freshReserve() {
  const window = { from: '08:00', to: '12:00' }
  const [fuId, other] = [
    await rig.unitFor('A', `Silent ${randomUUID().slice(0, 8)}`, window),
    await rig.unitFor('A', `Reserve ${randomUUID().slice(0, 8)}`, window),
  ]
  const [from, to, turnDownW] = [`${rigDay}T08:30:00Z`, `${rigDay}T10:00:00Z`, 40_000]
  await rig.db.$client`
    insert into instruction (instruction_id, fu_id, fsp_id, product, from_at, to_at, turn_down_w, intervals, schedule_kind,
      schedule_version, planned_at, expires_at, acknowledged_at, state)
    values (${randomUUID()}, ${fuId}, ${rig.fsp.fspId}, 'A', ${from}, ${to}, ${turnDownW},
      ${JSON.stringify([{ from, to, turnDownW }])}::text::jsonb, 'manual', 1, ${from}, ${from}, ${from}, 'acknowledged')`
  return { fuId, other }
}

/** What an operation is called with if its body's example alone is not enough: things that exist, and fit each other. */
const given: Record<string, () => Promise<Given>> = {
  applyForAuthorities: async () => ({
    body: {
      mpans: [`19${randomInt(1e11).toString().padStart(11, '0')}`],
      from: '2026-01-01',
      givenBy: 'customer-letter',
      reference: 'A letter',
    },
  }),
  registerServiceToOthers: async () => ({
    body: {
      ...(operations.registerServiceToOthers.body.meta()?.['example'] as object),
      fuId: await freshUnit(),
    },
  }),
  registerDer: async () => ({ body: { name: 'Roof', kind: 'generation', mpan: rig.mpan, ratedW: 9_000 } }),
  registerFlexibleUnit: async () => {
    const der = { name: 'Shed', kind: 'battery', mpan: rig.mpan, ratedW: 9_000 }
    const { body } = await rig.fsp.client.ask(operations.registerDer, { body: der })
    return { body: { name: 'Shed', derIds: [body.derId], maxTurnDownW: 1_000 } }
  },
  makeConnectionGroup: async () => ({ body: { name: `Group ${randomUUID()}`, nodeId: 'sec', mpans: [rig.mpan] } }),
  importNetwork: async () => {
    const headings = 'nodeId,name,kind,parentId,licenceArea,ratingWinterKva,ratingSummerKva'
    const id = `gsp-${randomUUID().slice(0, 8)}`
    return { body: `${headings}\r\n${id},Grid point,gsp,,LPN,720000,700000\r\n` }
  },
  registerConnection: async () => ({ body: connectionForm() }),
  changeCapacities: async () => {
    const mpan = String(1_200_000_000_000 + randomInt(99_999_999_999))
    await administrator.ask(operations.registerConnection, { body: { ...connectionForm(), mpans: [mpan] } })
    return { body: { reason: 'Agreed anew.', changes: [{ mpan, exportKva: 4 }] } }
  },
  changeMasterData: async () => ({ params: await freshConnection(), body: connectionForm() }),
  applyForProfile: async () => ({
    params: await freshConnection(),
    body: operations.applyForProfile.body.meta()?.['example'],
  }),
  uploadDemandSchedule: async () => ({
    params: await freshConnection(),
    query: span,
    body: operations.uploadDemandSchedule.body.example,
  }),
  applyForUnitProfile: async () => ({
    params: { id: await freshUnit() },
    body: operations.applyForUnitProfile.body.meta()?.['example'],
  }),
  uploadUnitDemandSchedule: async () => ({
    params: { id: await freshUnit() },
    query: span,
    body: operations.uploadUnitDemandSchedule.body.example,
  }),
  registerMonitor: async () => ({
    params: await freshConnection(),
    body: operations.registerMonitor.body.meta()?.['example'],
  }),
  draftTender: async () => ({ body: eveningTender() }),
  draftDemandTender: async () => {
    const example = operations.draftDemandTender.body.meta()?.['example'] as object
    return {
      body: {
        ...example,
        runId: await fullRun(),
        nodeId: 'sec',
        year: 2027,
        validFrom: '2027-01-01',
        validTo: '2027-01-31',
      },
    }
  },
  amendProfile: async () => ({ params: await freshProfile(), body: operations.amendProfile.body.meta()?.['example'] }),
  approveProfile: async () => ({ params: await freshProfile(), body: { supersede: false } }),
  rejectProfile: async () => ({ params: await freshProfile(), body: { reason: 'Not this year' } }),
  registerHub: async () => ({
    params: { id: randomUUID() },
    body: {
      ...(operations.registerHub.body.meta()?.['example'] as object),
      connectionId: (await freshConnection()).id,
      nodeId: null,
    },
  }),
  savePointMap: async () => {
    const call = {
      params: { name: `model-${randomUUID().slice(0, 8)}` },
      body: operations.savePointMap.body.meta()?.['example'],
    }
    const second = await secondPerson(rig.server)
    await agreed(second, administrator.ask(operations.savePointMap, { ...call, version: null }))
    return call
  },
  awardTender: async () => {
    const { body } = await rig.engineer.ask(operations.draftTender, { body: eveningTender() })
    return { params: { id: body.tenderId } }
  },
  moveStatement: async () => ({ params: { id: await freshStatement() }, body: { event: 'check' } }),
  approveProposal: async () => ({ params: await freshProposal(), body: {} }),
  rejectProposal: async () => ({ params: await freshProposal(), body: { reason: 'Not this year' } }),
  withdrawProposal: async () => ({ params: await freshProposal() }),
  saveInstallation: async () => ({
    params: { id: await freshHub() },
    body: operations.saveInstallation.body.meta()?.['example'],
  }),
  addDocument: async () => ({
    params: { id: await freshHub() },
    body: operations.addDocument.body.meta()?.['example'],
  }),
  removeDocument: async () => {
    const id = await freshHub()
    const body = operations.addDocument.body.meta()?.['example']
    const { documentId } = (await administrator.ask(operations.addDocument, { params: { id }, body })).body
    return { params: { id, documentId } }
  },
  savePool: async () => ({ params: { name: 'london' }, body: operations.savePool.body.meta()?.['example'] }),
  saveCustomer: async () => ({ params: { customerId: randomUUID() }, body: { name: `Customer ${randomUUID()}` } }),
  saveCustomerSites: async () => ({ params: { customerId: ownerId }, body: { connectionIds: [] } }),
  applyForOwnProfile: async () => ({
    params: await ownSite(),
    body: operations.applyForOwnProfile.body.meta()?.['example'],
  }),
  saveDataProvider: async () => ({
    params: { providerId: `provider-${randomUUID()}` },
    body: { name: `Provider ${randomUUID()}` },
  }),
  saveDataFeed: newDataFeed,
  savePlanAsset: async () => ({
    params: { assetId: randomUUID() },
    body: { kind: 'site', name: `Site ${randomUUID()}`, content: { assumedPeakKw: 5 } },
  }),
  removePlanAsset: async () => ({ params: { assetId: await planAsset('site', { assumedPeakKw: 5 }) } }),
  runPlan: async () => ({ body: { scenarioId: await planScenario(), scenario: 'base' } }),
  applyByPlan: async () => {
    const { body } = await owner.ask(operations.runPlan, {
      body: { scenarioId: await planScenario(), scenario: 'base' },
    })
    await runWaitingPlans(rig.server.context, rig.clock.now())
    const span = { validFrom: '2027-01-01', validTo: '2027-12-31' }
    return { params: await ownSite(), body: { runId: body.runId, ...span } }
  },
  giveSiteConsent: async () => ({ params: await ownSite(), body: { fspId: rig.fsp.fspId, until: '2027-01-01' } }),
  saveDnoGroup: async () => ({ params: { code: 'NGED' }, body: { name: 'National Grid' } }),
  removeDnoGroup: async () => ({ params: { code: 'UKPN' } }),
  saveLicenceArea: async () => ({ params: { code: 'SEPD' }, body: { name: 'Southern Electric', groupCode: 'SSEN' } }),
  removeLicenceArea: async () => ({ params: { code: 'SHEPD' } }),
  changeProduct: async () => {
    const params = { product: 'B' }
    return { params, body: (await administrator.ask(operations.readProduct, { params })).body.settings }
  },
  changeTimetable: async () => ({
    params: { product: 'A' },
    body: { settings: await settingsOf(operations.listTimetables, { product: 'A' }) },
  }),
  saveManualSchedule: async () => ({
    params: { fuId: await rig.contractedUnit(`Unit ${randomUUID().slice(0, 8)}`), day: rigDay, kind: 'manual' },
    body: { resolution: 'PT15M', values: Array.from({ length: 96 }, () => null) },
  }),
  issueReserve: async () => {
    const { fuId, other } = await freshReserve()
    const { body } = await rig.engineer.ask(operations.readReserve, { params: { fuId }, query: {} })
    return { params: { fuId }, body: { nodeId: 'sec', fuIds: [other], version: body.version } }
  },
  makeClient: async () => {
    const clientId = `gateway-${randomUUID()}`
    return { body: { clientId, authentication: { method: 'client_secret_basic' }, requiresDpop: false } }
  },
  addClientKey: async () => ({
    params: { clientId: await freshClient() },
    body: operations.addClientKey.body.meta()?.['example'],
  }),
  addClientSecret: async () => ({
    params: { clientId: await freshClient() },
    body: operations.addClientSecret.body.meta()?.['example'],
  }),
  importDemandEdition: async () => ({
    params: { kind: 'vehicles' },
    body: operations.importDemandEdition.body.example,
  }),
  deliverDataFile: async () => ({
    params: { feedId: await freshDataFeed() },
    body: operations.deliverDataFile.body.example,
  }),
  replayDelivery: async () => {
    const feedId = await freshDataFeed()
    const text = operations.deliverDataFile.body.example ?? ''
    const { body } = await administrator.ask(operations.deliverDataFile, { params: { feedId }, text })
    return { params: { feedId, deliveryId: body.delivery.deliveryId } }
  },
  makeSyntheticTrips: async () => {
    const body = operations.makeSyntheticTrips.body.meta()?.['example'] as object
    return { body: { ...body, areasEditionId: (await freshEditions()).areas } }
  },
  startTripRun: async () => {
    const { trips, vehicles, areas } = await freshEditions()
    return { body: { title: 'Private hire', trips: [trips], vehicles, areas } }
  },
  startNetworkRun: async () => {
    const { areas, growth } = await freshEditions()
    return { body: { title: 'Growth', areas, growth } }
  },
  repeatDemandRun: async () => {
    const { areas, growth } = await freshEditions()
    const body = { title: 'Growth', areas, growth }
    const run = await administrator.ask(operations.startNetworkRun, { body })
    await runWaiting(rig.server.context)
    return { params: { id: run.body.runId } }
  },
  setNodeTerms: async () => ({
    params: { nodeId: 'sec' },
    body: { ceilingGbpPerMwh: '600.00', shortfallWeight: 2 },
  }),
  saveDynamicTerms: async () => ({
    params: await freshConnection(),
    body: { isOn: true, floorW: 20_000, topNodeId: 'sec' },
  }),
  saveExperiment: async () => ({ params: { experimentId: randomUUID() }, body: await experimentForm() }),
  moveExperiment: async () => {
    const params = { experimentId: randomUUID() }
    await administrator.ask(operations.saveExperiment, { params, body: await experimentForm(), version: null })
    return { params, body: { event: 'start' } }
  },
  saveFailSafePolicy: async () => ({
    params: await freshConnection(),
    body: { onBreach: true, onLinkLost: false, failSafeW: 50_000, validMinutes: 60 },
  }),
}

function callerFor({ access }: Operation): Client {
  if (access === 'anyone') return rig.server.client()
  if (access.customer && !access.people) return owner
  if (access.fsp && !access.people) return rig.fsp.client
  return access.gateway ? gateway : administrator
}

function ask(stated: Operation, call: Given & { idempotencyKey?: string; version?: string | null }) {
  const { url } = rig.server
  const { headers } = callerFor(stated)
  const caller = createCaller(({ path, init }) =>
    fetch(`${url}${path}`, { ...init, headers: { ...init.headers, ...headers } }),
  )
  return caller.ask(stated, call as never)
}

async function givenFor(name: string, { body }: Operation): Promise<Given> {
  const stated = await given[name]?.()
  if (stated) return stated
  if (!body) return {}
  return { body: isFile(body) ? body.example : body.meta()?.['example'] }
}

/** The same call with one member of its body changed, in a way that its contract takes. */
function changed(stated: Operation, call: Given): Given | null {
  const { body } = call
  if (isFile(stated.body)) return { ...call, body: `${body}${String(body).split('\r\n').at(-2)}\r\n` }
  if (!stated.body || typeof body !== 'object' || body === null) return null
  for (const [member, value] of Object.entries(body)) {
    for (const other of othersThan(value)) {
      const candidate = { ...body, [member]: other }
      if (stated.body.safeParse(candidate).success) return { ...call, body: candidate }
    }
  }
  return null
}

function othersThan(value: unknown): unknown[] {
  if (typeof value === 'string') return [`${value} otherwise`, '2027-01-01T00:00:00Z', '2027-06-30', randomUUID()]
  return [typeof value === 'number' ? value + 1 : !value]
}

async function auditEntries(): Promise<number> {
  const { db } = rig.server.context
  const [row] = await db.execute<{ entries: number }>(sql`select count(*)::int as entries from audit_entry`)
  return row?.entries ?? 0
}

/** What a repeat is answered: the same, without the secrets that are shown once. */
function repeated({ idempotent }: Operation, answer: unknown): unknown {
  if (typeof idempotent !== 'object') return answer
  return { ...(answer as object), ...Object.fromEntries(idempotent.shownOnce.map((member) => [member, null])) }
}

describe('an Idempotency-Key', () => {
  const idempotent = statedOperations.filter(([, stated]) => stated.idempotent)

  test.each(idempotent)(
    '%s: the same key with the same request has one effect and one answer',
    async (name, stated) => {
      const call = { ...(await givenFor(name, stated)), idempotencyKey: randomUUID() }
      const first = await ask(stated, call)
      if (!first.ok) throw new Error(`${name} needs an entry in \`given\`: ${first.failure.detail}`)
      const effects = await auditEntries()
      const again = await ask(stated, call)
      expect(again).toMatchObject({ ok: true, value: repeated(stated, first.value) })
      expect(await auditEntries()).toBe(effects)
    },
  )

  test.each(idempotent.filter(([, { body }]) => body))(
    '%s: the same key with another body is refused',
    async (name, stated) => {
      const call = { ...(await givenFor(name, stated)), idempotencyKey: randomUUID() }
      expect((await ask(stated, call)).status).toBe(200)
      const other = changed(stated, call)
      if (!other) throw new Error(`${name} has a body of which nothing here knows another`)
      const effects = await auditEntries()
      const refused = await ask(stated, other)
      expect(refused).toMatchObject({ ok: false, status: 409, failure: { detail: expect.stringContaining('new key') } })
      expect(await auditEntries()).toBe(effects)
    },
  )
})

const versioned = statedOperations.filter(([, stated]) => isVersioned(stated))

describe('If-Match', () => {
  test.each(versioned)('%s: without a version nothing is changed', async (name, stated) => {
    const { status } = await ask(stated, await givenFor(name, stated))
    expect(status).toBe(428)
  })

  test.each(versioned)(
    '%s: with a version that is no longer the present one nothing is changed',
    async (name, stated) => {
      const call = await givenFor(name, stated)
      if (stated.mayCreate) await ask(stated, { ...call, version: null })
      const effects = await auditEntries()
      const { status } = await ask(stated, { ...call, version: 'stale-7' })
      expect(status).toBe(412)
      expect(await auditEntries()).toBe(effects)
    },
  )
})

const paged = statedOperations.filter(([, stated]) => stated.query?.shape['cursor'] && !stated.params)
const forged = [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd'], [1], [1, 2], [1, 'b', 'c'], [1, 2, 'c', 'd']]

test.each(paged)(
  '%s takes no made-up cursor for a fault of its own, and rejects one that is unreadable',
  async (_, stated) => {
    const cursors = forged.map((key) => Buffer.from(JSON.stringify(key)).toString('base64url'))
    const required = Object.entries(stated.query?.shape ?? {}).flatMap(([key, schema]) => {
      const example = (schema as z.ZodType).meta()?.['example']
      return (schema as z.ZodType).safeParse(undefined).success ? [] : [[key, example ?? rigDay]]
    })
    for (const cursor of ['nonsense', ...cursors]) {
      const answer = await ask(stated, { query: { ...Object.fromEntries(required), cursor } })
      expect([cursor, answer.status]).toEqual([cursor, expect.toBeOneOf([200, 400])])
    }
    expect((await ask(stated, { query: { ...Object.fromEntries(required), cursor: 'nonsense' } })).status).toBe(400)
  },
)
