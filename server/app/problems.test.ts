import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { rigDay } from '../../test/support/dispatch.ts'
import { eveningTender, registerFsp } from '../../test/support/market.ts'
import { baselineOf, readingsOf, scheduleDay, startWithTwoFsps, type TwoFsps } from '../../test/support/two-fsps.ts'
import { saveClient } from '../access/index.ts'

/** An operation of the document for FSPs, with the kinds of problem that it names. */
interface Operation {
  name: string
  method: string
  path: string
  kinds: string[]
  example: unknown
  takes: 'json' | 'csv' | null
}

interface Call {
  path?: string
  body?: string
  headers?: Record<string, string>
}

let scene: TwoFsps
let operations: Operation[] = []
let gateway: Record<string, string>

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
  operations = operationsOf(await (await fetch(new URL('/openapi-fsp.json', server.url))).json())
})

// biome-ignore lint/suspicious/noExplicitAny: a document as it is read, whatever it holds
function operationsOf(document: any): Operation[] {
  // biome-ignore lint/suspicious/noExplicitAny: see above
  const resolve = (schema: any) => (schema?.$ref ? document.components.schemas[schema.$ref.split('/').at(-1)] : schema)
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: see above
    Object.entries(methods as any).map(([method, one]: [string, any]) => {
      const content = one.requestBody?.content ?? {}
      const kinds = Object.entries(one.responses).flatMap(([status, response]) =>
        // biome-ignore lint/suspicious/noExplicitAny: see above
        /^[45]/.test(status) ? Object.keys((response as any).content['application/problem+json'].examples) : [],
      )
      const takes = content['application/json'] ? 'json' : content['text/csv'] ? 'csv' : null
      const example = resolve(content['application/json']?.schema)?.example
      return { name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, kinds, example, takes }
    }),
  )
}

/** Queries that are needed for an operation to look for what it is asked for. */
const queries: Record<string, string> = {
  'GET /flexible-units/{id}/baseline': `?day=${rigDay}&method=zero`,
  'GET /flexible-units/{id}/baselines': `?day=${rigDay}`,
  'GET /flexible-units/{id}/baseline-accuracy': '?from=2026-01-13&to=2026-01-14&method=zero',
  'GET /flexible-units/{id}/meter-completeness': '?from=2026-01-13&to=2026-01-14',
  'GET /flexible-units/{id}/meter-gaps': '?from=2026-01-13&to=2026-01-14',
  'POST /flexible-units/{id}/meter-readings': '?resolution=PT15M&meterId=m1&stamp=period-start',
}
const meterFile = 'at,energy_wh\n2026-01-14T10:00:00Z,5001\n'

/** What is not there: identifiers that nobody gave, in a request that is well formed. */
function missing(operation: Operation): Call {
  const path = addressOf(operation, randomUUID())
  if (operation.takes === 'csv') return { path, body: meterFile }
  const bodies: Record<string, unknown> = {
    'PUT /schedules/{fuId}/{day}/{kind}': baselineOf(scheduleDay),
  }
  return { path, body: JSON.stringify(bodies[operation.name] ?? operation.example) }
}

function addressOf({ name, path }: Operation, id: string): string {
  const address = path
    .replace('{day}', scheduleDay)
    .replace('{kind}', 'baseline')
    .replace(/\{\w*[iI]d\}/g, id)
  return address + (queries[name] ?? '')
}

const json = (body: unknown) => JSON.stringify(body)

/** How a conflict comes about: a call that is taken, and then one that does not fit what is then there. */
const conflicts: Record<string, () => Promise<Call>> = {
  'POST /ders': async () => {
    const headers = { 'idempotency-key': 'a DER' }
    const der = { name: 'First', kind: 'battery', mpan: scene.rig.mpan, ratedW: 1_000 }
    await scene.one.fsp.client.ask(operations.registerDer, { body: der }, headers)
    return { headers, body: json({ ...der, name: 'Another' }) }
  },
  'POST /flexible-units': async () => ({
    body: json({ name: 'Second unit of one DER', derIds: [scene.one.derId], maxTurnDownW: 1_000 }),
  }),
  'PUT /schedules/{fuId}/{day}/{kind}': async () => ({
    path: `/schedules/${scene.one.fuId}/${scheduleDay}/baseline`,
    body: json({ ...baselineOf(scheduleDay), values: Array.from({ length: 96 }, () => 1) }),
  }),
  'POST /tenders/{id}/responses': async () => ({
    path: `/tenders/${scene.one.tenderId}/responses`,
    body: json({ bid: 'declined', reason: 'too late' }),
  }),
  'POST /meter-readings': async () => ({ body: json(readingsOf(scene.one.fuId, '2026-01-14', 5_001)) }),
  'POST /flexible-units/{id}/meter-readings': async () => ({
    path: `/flexible-units/${scene.one.fuId}/meter-readings${queries['POST /flexible-units/{id}/meter-readings']}`,
    body: meterFile,
  }),
  'POST /statements/{id}/disputes': async () => {
    // A statement that is a draft: an FSP does not see it, and the DNO cannot dispute it yet.
    const { rig, clerk } = scene
    const third = await registerFsp(rig.server, rig.engineer, 'Third Ltd', rig.control)
    await rig.contractedUnit('Unit of the third', 40_000, third)
    await rig.clock.advanceTo(Instant.parse(`${rigDay}T17:46:00Z`))
    const { body } = await clerk.ask(operations.prepareStatement, {
      body: { fspId: third.fspId, product: 'A', month: '2026-01' },
    })
    const path = `/statements/${body.statementId}/disputes`
    return {
      path,
      headers: { ...clerk.headers, authorization: '' },
      body: json({ lineNumber: null, reason: 'Too early' }),
    }
  },
}

/** What breaks a contract where neither an odd body nor an odd address does. */
const broken: Record<string, () => Promise<Call>> = {
  'GET /network/nodes': async () => ({ path: '/network/nodes?limit=many' }),
  'GET /limits': async () => ({ path: '/limits?connectionId=somewhere&day=someday&limit=many' }),
  'GET /instructions': async () => ({ path: '/instructions?day=someday' }),
  'POST /schedules/csv': async () => ({ body: 'no,headings\n1,2\n' }),
  'POST /flexible-units/{id}/meter-readings': async () => ({
    path: `/flexible-units/${scene.one.fuId}/meter-readings?resolution=PT7M`,
    body: meterFile,
  }),
}

const provokers: Record<string, (operation: Operation) => Promise<Call>> = {
  unauthenticated: async () => ({ headers: { authorization: '' } }),
  'invalid-token': async () => ({ headers: { authorization: 'Bearer nonsense' } }),
  forbidden: async () => ({ headers: gateway }),
  malformed: async ({ takes, path }) => (takes === 'json' ? { body: '{' } : { path: `${path}?cursor=nonsense` }),
  'contract-broken': async (operation) =>
    (await broken[operation.name]?.()) ??
    (operation.takes === 'json' ? { body: '5' } : { path: `${operation.path.replace(/\{\w+\}/g, 'x')}?limit=many` }),
  'not-found': async (operation) => missing(operation),
  conflict: async ({ name }) => {
    const call = await conflicts[name]?.()
    if (!call) throw new Error('nothing here says how that conflict comes about')
    return call
  },
}

async function answerTo(operation: Operation, call: Call): Promise<string> {
  const { method, takes } = operation
  const type = takes === 'csv' ? 'text/csv' : 'application/json'
  const { authorization, ...others } = { ...scene.one.fsp.client.headers, ...call.headers }
  const headers = { ...others, ...(authorization ? { authorization } : {}), ...(takes ? { 'content-type': type } : {}) }
  const path = call.path ?? addressOf(operation, scene.one.fuId)
  const body = method === 'GET' || call.body === undefined ? {} : { body: call.body }
  const response = await fetch(`${scene.rig.server.url}${path}`, { method, headers, ...body })
  if (!response.headers.get('content-type')?.includes('problem')) return `${response.status}, which is no problem`
  return ((await response.json()) as { type: string }).type.replace('urn:ringmain:problem:', '')
}

/** Says that a body comes that is larger than is taken, and sends none of it. */
function announceTooMuch({ method, takes, path }: Operation): Promise<string> {
  return new Promise((resolve, reject) => {
    const url = `${scene.rig.server.url}${path.replace(/\{\w+\}/g, randomUUID())}`
    const headers = {
      ...scene.one.fsp.client.headers,
      'content-length': '999000000',
      'content-type': takes === 'csv' ? 'text/csv' : 'application/json',
    }
    const sending = request(url, { method, headers }, (response) => {
      let text = ''
      response.on('data', (part) => (text += String(part)))
      response.on('end', () => resolve(JSON.parse(text).type.replace('urn:ringmain:problem:', '')))
    })
    sending.on('error', reject)
    sending.flushHeaders()
  })
}

test('the document names its problems, and an example of every body', () => {
  expect(operations.length).toBeGreaterThan(30)
  for (const { name, takes, example } of operations) if (takes === 'json') expect(example, name).toBeDefined()
})

test('every problem that the document for FSPs names is provoked, operation by operation', async () => {
  const wrong: string[] = []
  let provoked = 0
  for (const operation of operations)
    for (const kind of operation.kinds) {
      const provoke = provokers[kind]
      const found =
        kind === 'too-large'
          ? await announceTooMuch(operation)
          : provoke
            ? await provoke(operation).then(
                (call) => answerTo(operation, call),
                (error: Error) => error.message,
              )
            : 'nobody knows how'
      provoked++
      if (found !== kind) wrong.push(`${operation.name} ${kind}: ${found}`)
    }
  expect(wrong).toEqual([])
  expect(provoked).toBeGreaterThan(150)
})

test('FB07 what a conflict says is what went wrong: the gate, the revision, the second response', async () => {
  const { one, rig } = scene
  const late = await one.fsp.client.ask(operations.submitSchedule, {
    params: { fuId: one.fuId, day: rigDay, kind: 'baseline' },
    body: baselineOf(rigDay, 2),
  })
  expect([late.status, late.body.detail]).toEqual([409, expect.stringContaining('closed at 2026-01-14T18:00:00Z')])
  const engineer = await rig.server.person('erin', 'flexibility-engineer')
  const { body } = await engineer.ask(operations.draftTender, { body: eveningTender() })
  await engineer.ask(operations.publishTender, { params: { id: body.tenderId } })
  const decline = () =>
    one.user.ask(operations.respondToTender, { params: { id: body.tenderId }, body: { bid: 'declined', reason: 'no' } })
  expect((await decline()).status).toBe(200)
  expect((await decline()).body.detail).toContain('already responded')
  expect(rig.clock.now().isAfter(Instant.parse(`${rigDay}T17:00:00Z`))).toBe(true)
})
