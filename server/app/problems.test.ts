import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { messageOf } from '../../platform/errors/index.ts'
import { operations } from '../../schemas/operations.ts'
import { requestOf } from '../../schemas/vocabulary/client.ts'
import { isFile, type Operation } from '../../schemas/vocabulary/operation.ts'
import type { Client, TestCall } from '../../test/support/client.ts'
import { rigDay } from '../../test/support/dispatch.ts'
import { eveningTender, registerFsp } from '../../test/support/market.ts'
import { type OperationName, statedOperations } from '../../test/support/operations.ts'
import { baselineOf, readingsOf, scheduleDay, startWithTwoFsps, type TwoFsps } from '../../test/support/two-fsps.ts'
import { saveClient } from '../access/index.ts'
import { fsp } from '../market/parties/tables.ts'

/** An operation of the document for FSPs, with the kinds of problem that the document names and the example of its body. */
interface Documented {
  name: OperationName
  stated: Operation
  kinds: string[]
  example: unknown
}

/** What is sent: what an operation takes, or odd text in its place, and headers that replace the FSP's. */
interface Call extends TestCall {
  headers?: Record<string, string>
}

let scene: TwoFsps
let documented: Documented[] = []
let gateway: Record<string, string>
/** The FSP with a token for its own credentials. */
let owner: Client

beforeAll(async () => {
  scene = await startWithTwoFsps()
  const { server } = scene.rig
  await saveClient(server.context.db, {
    clientId: 'gateway-1',
    kind: 'gateway',
    subjectId: 'gateway-1',
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret: 'secret of the gateway' },
  })
  gateway = (await server.tokenClient('gateway-1', 'secret of the gateway', 'gateway')).headers
  owner = await credentialsOf(scene.one.fsp)
  documented = documentedOf(await (await fetch(new URL('/openapi-fsp.json', server.url))).json())
})

// biome-ignore lint/suspicious/noExplicitAny: a document as it is read, whatever it holds
function documentedOf(document: any): Documented[] {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const resolve = (schema: any) => (schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema)
  return statedOperations.flatMap(([name, stated]) => {
    const one = document.paths[stated.path]?.[stated.method]
    if (!one) return []
    const kinds = Object.entries(one.responses).flatMap(([status, response]) =>
      // biome-ignore lint/suspicious/noExplicitAny: see above
      /^[45]/.test(status) ? Object.keys((response as any).content['application/problem+json'].examples) : [],
    )
    const { example } = resolve(one.requestBody?.content['application/json']?.schema) ?? {}
    return [{ name, stated, kinds, example }]
  })
}

const credentialsOf = ({ clientId, clientSecret }: { clientId: string; clientSecret: string }) =>
  scene.rig.server.tokenClient(clientId, clientSecret, 'credentials')

/** What the FSP sends with an operation: its token for its work, or the one for its credentials. */
function ownHeaders({ access }: Operation): Record<string, string> {
  return access !== 'anyone' && access.fsp === 'credentials' ? owner.headers : scene.one.fsp.client.headers
}

const twoDays = { from: '2026-01-13', to: '2026-01-14' }

/** Queries that are needed for an operation to look for what it is asked for. */
const queries: Partial<Record<OperationName, Record<string, string>>> = {
  readBaseline: { day: rigDay, method: 'zero' },
  compareBaselines: { day: rigDay },
  readBaselineAccuracy: { ...twoDays, method: 'zero' },
  listUnitCompleteness: twoDays,
  readMeterEvidence: twoDays,
  listUnitChoices: { day: rigDay },
  uploadReadingFile: { resolution: 'PT15M', meterId: 'm1', stamp: 'period-start' },
}
const meterFile = 'at,energy_wh\n2026-01-14T10:00:00Z,5001\n'

const takesJson = ({ body }: Operation) => body !== undefined && !isFile(body)

/** What is not there: identifiers that nobody gave, in a request that is well formed. */
function missing({ name, stated, example }: Documented): Call {
  const call = { params: paramsOf(stated, randomUUID()) }
  if (isFile(stated.body)) return { ...call, text: meterFile }
  if (!takesJson(stated)) return call
  return { ...call, body: name === 'submitSchedule' ? baselineOf(scheduleDay) : example }
}

/** Parameters of an operation with one identifier wherever it takes one. */
function paramsOf({ params }: Operation, id: string, others: Record<string, string> = {}): Record<string, string> {
  const given: Record<string, string> = { day: scheduleDay, kind: 'baseline', product: 'NONE', ...others }
  return Object.fromEntries(Object.keys(params?.shape ?? {}).map((name) => [name, given[name] ?? id]))
}

/** How a conflict comes about: a call that is taken, and then one that does not fit what is then there. */
const conflicts: Partial<Record<OperationName, () => Promise<Call>>> = {
  applyForAuthorities: async () => {
    const body = operations.applyForAuthorities.body.meta()?.['example']
    await scene.one.fsp.client.ask(operations.applyForAuthorities, { body })
    return { body }
  },
  endAuthority: async () => {
    const application = {
      mpans: ['1900000000001'],
      from: '2026-01-01',
      givenBy: 'customer-letter',
      reference: 'A letter',
    }
    const applied = await scene.one.fsp.client.ask(operations.applyForAuthorities, { body: application })
    return {
      params: { id: applied.body.items[0].authorityId },
      body: { until: '2026-03-01', reason: 'Not approved yet' },
    }
  },
  registerServiceToOthers: async () => {
    const idempotencyKey = 'a service'
    const body = { ...(operations.registerServiceToOthers.body.meta()?.['example'] as object), fuId: scene.one.fuId }
    await scene.one.fsp.client.ask(operations.registerServiceToOthers, { body, idempotencyKey })
    return { idempotencyKey, body: { ...body, service: 'Another' } }
  },
  addNoticeTarget: async () => {
    const idempotencyKey = 'a target'
    const body = operations.addNoticeTarget.body.meta()?.['example'] as object
    await scene.one.fsp.client.ask(operations.addNoticeTarget, { body, idempotencyKey })
    return { idempotencyKey, body: { ...body, name: 'Another' } }
  },
  stateUnitMeter: async () => ({
    params: { id: scene.one.fuId, meterId: 'never' },
    body: { derId: null, from: '2027-01-01', until: '2027-01-01' },
  }),
  endServiceToOthers: async () => ({
    params: { id: scene.one.serviceId },
    body: { at: '2026-02-01T18:00:00Z', reason: 'It has ended by then' },
  }),
  registerDer: async () => {
    const idempotencyKey = 'a DER'
    const der = { name: 'First', kind: 'battery', mpan: scene.rig.mpan, ratedW: 1_000 }
    await scene.one.fsp.client.ask(operations.registerDer, { body: der, idempotencyKey })
    return { idempotencyKey, body: { ...der, name: 'Another' } }
  },
  registerFlexibleUnit: async () => ({
    body: { name: 'Second unit of one DER', derIds: [scene.one.derId], maxTurnDownW: 1_000 },
  }),
  addClientKey: async () => {
    const call = {
      params: { clientId: scene.one.fsp.clientId },
      body: operations.addClientKey.body.meta()?.['example'],
    }
    await owner.ask(operations.addClientKey, call)
    return call
  },
  // It has a key by now.
  addClientSecret: async () => ({ params: { clientId: scene.one.fsp.clientId }, body: {} }),
  endClientCredential: async () => {
    const other = await credentialsOf(scene.other.fsp)
    const [{ clientId, credentials }] = (await other.ask(operations.listClients)).body.items
    return { params: { clientId, credentialId: credentials[0].credentialId }, headers: other.headers }
  },
  submitSchedule: async () => ({
    params: { fuId: scene.one.fuId, day: scheduleDay, kind: 'baseline' },
    body: { ...baselineOf(scheduleDay), values: Array.from({ length: 96 }, () => 1) },
  }),
  respondToTender: async () => ({
    params: { id: scene.one.tenderId },
    body: { bid: 'declined', reason: 'too late' },
  }),
  sendLiveReadings: async () => {
    const body = (powerW: number) => ({ fuId: scene.one.fuId, readings: [{ at: `${rigDay}T17:05:00Z`, powerW }] })
    await scene.one.fsp.client.ask(operations.sendLiveReadings, { body: body(18_000) })
    return { body: body(19_000) }
  },
  uploadReadings: async () => ({ body: readingsOf(scene.one.fuId, '2026-01-14', 5_001) }),
  uploadReadingFile: async () => ({ params: { id: scene.one.fuId }, text: meterFile }),
  raiseDispute: async () => {
    // A statement that is a draft: an FSP does not see it, and the DNO cannot dispute it yet.
    const { rig, clerk } = scene
    const third = await registerFsp(rig.server, rig.engineer, 'Third Ltd', rig.control)
    await rig.contractedUnit('Unit of the third', 40_000, third)
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T17:46:00Z`))
    const { body } = await clerk.ask(operations.prepareStatement, {
      body: { fspId: third.fspId, product: 'A', month: '2026-01' },
    })
    return {
      params: { id: body.statementId },
      headers: { ...clerk.headers, authorization: '' },
      body: { lineNumber: null, reason: 'Too early' },
    }
  },
}

/** What breaks a contract where neither an odd body nor an odd address does. */
const broken: Partial<Record<OperationName, () => Call>> = {
  listNodes: () => ({ query: { limit: 'many' } }),
  listImportLimits: () => ({ query: { connectionId: 'somewhere', day: 'someday', limit: 'many' } }),
  listInstructions: () => ({ query: { day: 'someday' } }),
  uploadSchedules: () => ({ text: 'no,headings\n1,2\n' }),
  uploadReadingFile: () => ({ params: { id: scene.one.fuId }, query: { resolution: 'PT7M' }, text: meterFile }),
}

/** An address of which nothing fits: parameters that cannot be stored, and a query that no list takes. */
const oddAddress = ({ params }: Operation): Call => ({
  params: Object.fromEntries(Object.keys(params?.shape ?? {}).map((name) => [name, 'x\0'])),
  query: { limit: 'many' },
})

const provokers: Record<string, (operation: Documented) => Call | Promise<Call>> = {
  unauthenticated: () => ({ headers: { authorization: '' } }),
  'invalid-token': () => ({ headers: { authorization: 'Bearer nonsense' } }),
  forbidden: () => ({ headers: gateway }),
  malformed: ({ stated }) => (takesJson(stated) ? { text: '{' } : { query: { cursor: 'nonsense' } }),
  'contract-broken': ({ name, stated }) => broken[name]?.() ?? (takesJson(stated) ? { text: '5' } : oddAddress(stated)),
  'not-found': (operation) => missing(operation),
  conflict: async ({ name }) => {
    const call = await conflicts[name]?.()
    if (!call) throw new Error('nothing here says how that conflict comes about')
    return call
  },
}

async function answerTo({ name, stated }: Documented, call: Call): Promise<string> {
  const { text, headers: given, ...said } = call
  const whole = { params: paramsOf(stated, scene.one.fuId), query: queries[name], ...said }
  const { path, init } = requestOf(stated, text === undefined ? whole : { ...whole, body: text })
  const { authorization, ...others } = { ...init.headers, ...ownHeaders(stated), ...given }
  const headers = { ...others, ...(authorization ? { authorization } : {}) }
  const body = text === undefined ? {} : { body: text }
  const response = await fetch(`${scene.rig.server.url}${path}`, { ...init, ...body, headers })
  if (!response.headers.get('content-type')?.includes('problem')) return `${response.status}, which is no problem`
  return ((await response.json()) as { type: string }).type.replace('urn:ringmain:problem:', '')
}

/** The kind of problem that a provocation is answered with, or why there is none. */
async function provoked({ operation, kind }: { operation: Documented; kind: string }): Promise<string> {
  if (kind === 'too-large') return announceTooMuch(operation)
  if (kind === 'unavailable') return whileManyWait(operation)
  const provoke = provokers[kind]
  if (!provoke) return 'nobody knows how'
  try {
    return await answerTo(operation, await provoke(operation))
  } catch (error) {
    return messageOf(error)
  }
}

/** Asks while as many applications wait as are taken. */
async function whileManyWait(operation: Documented): Promise<string> {
  const { db } = scene.rig.server.context
  const [one] = await db.select().from(fsp)
  if (!one) throw new Error('there is no FSP')
  const waiting = { ...one, status: 'applied' as const, companyName: 'One of many' }
  await db.insert(fsp).values(Array.from({ length: 500 }, () => ({ ...waiting, fspId: randomUUID() })))
  const found = await answerTo(operation, { body: operation.example, headers: { authorization: '' } })
  await db.delete(fsp).where(eq(fsp.companyName, 'One of many'))
  return found
}

/** Says that a body comes that is larger than is taken, and sends none of it. */
function announceTooMuch({ stated }: Documented): Promise<string> {
  return new Promise((resolve, reject) => {
    const { path, init } = requestOf(stated, { params: paramsOf(stated, randomUUID()), body: '' })
    const headers = { ...init.headers, ...ownHeaders(stated), 'content-length': '999000000' }
    const { method } = init
    const sending = request(`${scene.rig.server.url}${path}`, { method, headers }, (response) => {
      let text = ''
      response.on('data', (part) => (text += String(part)))
      response.on('end', () => resolve(JSON.parse(text).type.replace('urn:ringmain:problem:', '')))
    })
    sending.on('error', reject)
    sending.flushHeaders()
  })
}

test('the document names its problems, and an example of every body', () => {
  expect(documented.length).toBeGreaterThan(30)
  for (const { name, stated, example } of documented) if (takesJson(stated)) expect(example, name).toBeDefined()
})

test('every problem that the document for FSPs names is provoked, operation by operation', async () => {
  const all = documented.flatMap((operation) => operation.kinds.map((kind) => ({ operation, kind })))
  const wrong: string[] = []
  for (const each of all) {
    const found = await provoked(each)
    if (found !== each.kind) wrong.push(`${each.operation.name} ${each.kind}: ${found}`)
  }
  expect(wrong).toEqual([])
  expect(all.length).toBeGreaterThan(150)
})

test('FB07 what a conflict says is what went wrong: the gate, the revision, the second response', async () => {
  const { one, rig } = scene
  const late = await one.fsp.client.ask(operations.submitSchedule, {
    params: { fuId: one.fuId, day: rigDay, kind: 'baseline' },
    body: baselineOf(rigDay, 2),
  })
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('closed at 18:00 GMT on 14 Jan 2026')])
  const engineer = await rig.server.person('erin', 'flexibility-engineer')
  const { body } = await engineer.ask(operations.draftTender, { body: eveningTender() })
  await engineer.ask(operations.publishTender, { params: { id: body.tenderId } })
  const decline = () =>
    one.user.ask(operations.respondToTender, { params: { id: body.tenderId }, body: { bid: 'declined', reason: 'no' } })
  expect((await decline()).status).toBe(200)
  expect((await decline()).body.detail).toContain('already responded')
  expect(rig.clock.now().isAfter(Instant.parse(`${rigDay}T17:00:00Z`))).toBe(true)
})
