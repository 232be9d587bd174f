import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { readDepots, seedServer } from '../../seeds/index.ts'
import { raiseAlarm } from '../../server/grid/index.ts'
import type { Client } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

/** As much of an OpenAPI document as examples need. */
interface Schema {
  $ref?: string
  example?: unknown
}
interface Operation {
  method: string
  path: string
  tags?: string[]
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> }
  responses: Record<string, unknown>
}

/** What the grid wing and planning serve. */
const tags = [
  ...['Network', 'Profiled connections', 'Connections', 'Telemetry', 'Gateways'],
  ...['Compliance', 'Alarms', 'Feeds', 'Load'],
]

let server: TestServer
let person: Client
let gateway: Client
let operations: Operation[]
let schemas: Record<string, Schema>

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  server = await startTestServer(url, clock)
  const { depots } = await readDepots()
  const ports = new Map(depots.map((depot, n) => [depot.hubId, 20_000 + n]))
  const places = { host: '127.0.0.1', ports, gatewayId: 'gateway-1', integrityPollS: 60 }
  await seedServer(server.context, depots, places, 'secret of the gateway')
  person = await server.person('examiner', 'planner', 'operator', 'administrator', 'flexibility-engineer')
  gateway = await server.tokenClient('gateway-1', 'secret of the gateway', 'gateway')
  const document = await (await fetch(new URL('/openapi.json', server.url))).json()
  const { paths, components } = document as {
    paths: Record<string, Record<string, Omit<Operation, 'method' | 'path'>>>
    components: { schemas: Record<string, Schema> }
  }
  schemas = components.schemas
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ ...one, method: method.toUpperCase(), path })),
  )
  operations = operations.filter((o) => o.tags?.some((tag) => tags.includes(tag)))
})

const resolved = (schema: Schema): Schema => schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema

/** Things whose identifiers the server makes: what an example cannot name is made, as its parameter’s description says where to look. */
const made: [prefix: RegExp, make: () => Promise<string>][] = [
  [/^\/profiles\//, applied],
  [/^\/network\/imports\//, async () => (await person.ask(operations.listNetworkImports)).body[0].importId],
  [/^\/connections\/\{id\}\/monitors/, unmonitored],
  [/^\/monitors\//, monitored],
  [/^\/alarms\//, alarm],
  [/^\/alarm-targets\//, async () => (await send('POST', '/alarm-targets')).body.targetId],
  [/^\/alarm-notices\//, deadNotice],
]

async function applied(): Promise<string> {
  const other = await server.person(`applicant-${randomUUID()}`, 'planner')
  const { path, body } = written(operationAt('POST', '/connections/{id}/profiles'))
  return (await other.post(path, JSON.parse(body ?? ''))).body.profileId
}

async function unmonitored(): Promise<string> {
  const { body } = written(operationAt('POST', '/connections'))
  const form = { ...JSON.parse(body ?? ''), name: randomUUID(), mpans: [] }
  return (await person.ask(operations.registerConnection, { body: form })).body.connectionId
}

async function monitored(): Promise<string> {
  const { body } = written(operationAt('POST', '/connections/{id}/monitors'))
  return (
    await person.ask(operations.registerMonitor, { params: { id: await unmonitored() }, body: JSON.parse(body ?? '') })
  ).body.hubId
}

async function alarm(): Promise<string> {
  const source = { type: 'connection' as const, id: randomUUID(), name: 'Islington' }
  const { db, clock } = server.context
  await raiseAlarm(db, clock.now(), { kind: 'limit-breach', source, message: 'It imports too much.' })
  const { items } = (await person.ask(operations.listAlarms)).body
  const { alarmId } = items.find((one: { source: { id: string } }) => one.source.id === source.id)
  await person.ask(operations.shelveAlarm, {
    params: { id: alarmId },
    body: { until: '2026-01-15T18:00:00Z', reason: 'to be taken off again' },
  })
  return alarmId
}

async function deadNotice(): Promise<string> {
  await send('POST', '/alarm-targets')
  await alarm()
  const { $client } = server.context.db
  const [notice] = await $client`update alarm_notice set state = 'dead' returning notice_id`
  return notice?.['notice_id']
}

const operationAt = (method: string, path: string) => {
  const found = operations.find((o) => o.method === method && o.path === path)
  if (!found) throw new Error(`there is no ${method} ${path}`)
  return found
}

/** An operation with its examples put in, as a reader would copy them. */
function written(operation: Operation, id?: string): { path: string; body: string | null; type: string } {
  const parameters = operation.parameters ?? []
  const value = (name: string, where: string) => {
    const found = parameters.find((p) => p.name === name && p.in === where)
    return resolved(found?.schema ?? {}).example
  }
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name) => String(value(name, 'path') ?? id))
  const query = parameters.flatMap((p) => {
    const example = p.in === 'query' ? value(p.name, 'query') : undefined
    return example === undefined ? [] : [`${p.name}=${encodeURIComponent(String(example))}`]
  })
  const [type = '', content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
  const example = content && (content.example ?? resolved(content.schema).example)
  const body = content ? (typeof example === 'string' ? example : JSON.stringify(example)) : null
  return { path: query.length > 0 ? `${path}?${query.join('&')}` : path, body, type }
}

/** The ETag of what is changed, or that there must be nothing yet. */
async function precondition(operation: Operation, path: string): Promise<Record<string, string>> {
  if (!operation.parameters?.some((p) => p.name === 'if-match')) return {}
  const before = await person.get(path.replace(/\/(approval|rejection)$/, ''))
  const etag = before.headers.get('etag')
  return etag ? { 'if-match': etag } : { 'if-none-match': '*' }
}

async function send(method: string, at: string) {
  const operation = operationAt(method, at)
  const needsMade =
    /\{id\}/.test(at) &&
    resolved(operation.parameters?.find((p) => p.in === 'path')?.schema ?? {}).example === undefined
  const id = needsMade ? await made.find(([prefix]) => prefix.test(at))?.[1]() : undefined
  const { path, body, type } = written(operation, id)
  const isGateway = at.startsWith('/gateway/') || at === '/measurements'
  const client = isGateway ? gateway : person
  const headers = {
    ...client.headers,
    ...(await precondition(operation, path)),
    ...(body ? { 'content-type': type } : {}),
  }
  const response = await fetch(`${server.url}${path}`, { method, headers, body })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { operation, sent: { path, body }, status: response.status, body: isJson ? JSON.parse(text) : text }
}

/** What stores comes before what looks it up, and what takes away comes last. */
const order = ['PUT', 'POST', 'GET', 'DELETE']

test('every example of the grid’s and planning’s API works as it is written, and is answered as the document says', async () => {
  // An FU has no identifier before an FSP registers it; its demand schedule is that of a connection, whose examples are walked.
  const walk = operations
    .filter(({ path }) => !path.startsWith('/flexible-units/'))
    .toSorted((a, b) => order.indexOf(a.method) - order.indexOf(b.method))
  expect(walk.length).toBeGreaterThan(65)
  for (const { method, path } of walk) {
    const { operation, sent, status, body } = await send(method, path)
    const success = Object.keys(operation.responses).filter((code) => code.startsWith('2'))
    expect
      .soft(success, `${method} ${sent.path} ${sent.body ?? ''} was answered ${JSON.stringify(body).slice(0, 600)}`)
      .toContain(String(status))
    if (operation.requestBody) expect.soft(sent.body, `${method} ${path} has no example`).toBeTruthy()
  }
}, 120_000)
