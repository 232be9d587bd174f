import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { beforeAll, expect, test } from 'vitest'
import { SimulatedClock } from '../../platform/clock/index.ts'
import { operationGroups, operations } from '../../schemas/operations.ts'
import type { Operation } from '../../schemas/vocabulary/operation.ts'
import { seedDemand } from '../../seeds/demand.ts'
import { hubsOf, readDepots, seedServer } from '../../seeds/index.ts'
import { raiseAlarm } from '../../server/grid/index.ts'
import { runWaiting } from '../../server/planning/demand/run-demand.ts'
import type { Client, TestCall } from '../support/client.ts'
import { createTestDatabase } from '../support/database.ts'
import { type OperationName, statedOperations } from '../support/operations.ts'
import { agreed, secondPerson } from '../support/second-person.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

/** As much of an OpenAPI document as examples need. */
interface Schema {
  $ref?: string
  example?: unknown
}
interface Documented {
  parameters?: { name: string; in: string; required?: boolean; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> }
  responses: Record<string, unknown>
}

/** What the grid wing and planning serve. */
const tags = [
  ...['Network', 'Profiled connections', 'Connections', 'Telemetry', 'Gateways'],
  ...['Compliance', 'Alarms', 'Feeds', 'Load', 'EV demand'],
]

let server: TestServer
let person: Client
let gateway: Client
let documented: Map<OperationName, Documented>
let schemas: Record<string, Schema>

beforeAll(async () => {
  const { url } = await createTestDatabase('server')
  const clock = new SimulatedClock(Instant.parse('2026-01-15T12:00:00Z'))
  server = await startTestServer(url, clock)
  const { depots } = await readDepots()
  const ports = new Map(hubsOf(depots).map(({ hubId }, n) => [hubId, 20_000 + n]))
  const places = { host: '127.0.0.1', ports, gatewayId: 'gateway-1', integrityPollS: 60 }
  await seedServer(server.context, depots, places, 'secret of the gateway')
  await seedDemand(server.context)
  await runWaiting(server.context)
  person = await server.person('examiner', 'planner', 'operator', 'administrator', 'flexibility-engineer')
  gateway = await server.tokenClient('gateway-1', 'secret of the gateway', 'gateway')
  const document = await (await fetch(new URL('/openapi.json', server.url))).json()
  const { paths, components } = document as {
    paths: Record<string, Record<string, Documented>>
    components: { schemas: Record<string, Schema> }
  }
  schemas = components.schemas
  documented = new Map(
    statedOperations.flatMap(([name, stated]) => {
      const one = paths[stated.path]?.[stated.method]
      return one && stated.tags.some((tag) => tags.includes(tag)) ? [[name, one] as const] : []
    }),
  )
})

const resolved = (schema: Schema): Schema => schemas[schema.$ref?.split('/').at(-1) ?? ''] ?? schema

/** Things whose identifiers the server makes: what an example cannot name is made, as its parameter’s description says where to look. */
const made: Partial<Record<OperationName, () => Promise<string>>> = {
  readProfile: applied,
  amendProfile: applied,
  assessProfile: applied,
  approveProfile: applied,
  rejectProfile: applied,
  exportProfile: applied,
  readNetworkImport: async () => (await person.ask(operations.listNetworkImports)).body[0].importId,
  addToConnectionGroup: group,
  cancelDemandRun: waitingRun,
  registerMonitor: unmonitored,
  renewMonitorSecret: monitored,
  readDocument: document,
  removeDocument: document,
  acknowledgeAlarm: alarm,
  shelveAlarm: alarm,
  unshelveAlarm: alarm,
  takeOutOfService: alarm,
  putInService: alarm,
  takeAlarm: alarm,
  readAlarmJournal: alarm,
  changeAlarmTarget: async () => (await send('addAlarmTarget')).body.targetId,
  retryAlarmNotice: deadNotice,
}

async function applied(): Promise<string> {
  const other = await server.person(`applicant-${randomUUID()}`, 'planner')
  return (await other.ask(operations.applyForProfile, written('applyForProfile'))).body.profileId
}

async function group(): Promise<string> {
  const form = written('makeConnectionGroup').body as object
  return (await person.ask(operations.makeConnectionGroup, { body: { ...form, name: randomUUID() } })).body.groupId
}

async function unmonitored(): Promise<string> {
  const form = { ...(written('registerConnection').body as object), name: randomUUID(), mpans: [] }
  return (await person.ask(operations.registerConnection, { body: form })).body.connectionId
}

async function monitored(): Promise<string> {
  const { body } = written('registerMonitor')
  return (await person.ask(operations.registerMonitor, { params: { id: await unmonitored() }, body })).body.hubId
}

/** The run of the examples is done: the same once more waits for a server's next round. */
async function waitingRun(): Promise<string> {
  return (await send('repeatDemandRun')).body.runId
}

async function document(): Promise<string> {
  return (await send('addDocument')).body.documentId
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
  await send('addAlarmTarget')
  await alarm()
  const { $client } = server.context.db
  const [notice] = await $client`update alarm_notice set state = 'dead' returning notice_id`
  return notice?.['notice_id']
}

function documentedOf(name: OperationName): Documented {
  const found = documented.get(name)
  if (!found) throw new Error(`the document has no ${name}`)
  return found
}

/** An operation with its examples put in, as a reader would copy them. */
function written(name: OperationName, id?: string): TestCall {
  const { parameters = [], requestBody } = documentedOf(name)
  const examples = (where: string, otherwise?: string) =>
    Object.fromEntries(
      parameters.filter((p) => p.in === where).map((p) => [p.name, resolved(p.schema).example ?? otherwise]),
    )
  const call = { params: examples('path', id), query: examples('query') }
  const content = Object.values(requestBody?.content ?? {})[0]
  if (!content) return call
  const example = content.example ?? resolved(content.schema).example
  return typeof example === 'string' ? { ...call, text: example } : { ...call, body: example }
}

/** The ETag of what is changed, or that there must be nothing yet. */
async function precondition(name: OperationName, { params }: TestCall): Promise<Record<string, string>> {
  if (!documentedOf(name).parameters?.some((p) => p.name === 'if-match')) return {}
  const path = operations[name].path.replace(/\/(approval|rejection)$/, '')
  const read = statedOperations.find(([, stated]) => stated.method === 'get' && stated.path === path)?.[1]
  const etag = read && (await person.ask(read, { params: params ?? {} })).headers.get('etag')
  return etag ? { 'if-match': etag } : { 'if-none-match': '*' }
}

async function send(name: OperationName) {
  const call = written(name, await made[name]?.())
  const stated: Operation = operations[name]
  const client = stated.access !== 'anyone' && stated.access.gateway ? gateway : person
  const answer = await client.ask(stated, call, await precondition(name, call))
  if (answer.body?.proposalId) await agreed(await secondPerson(server), answer)
  return { call, ...answer }
}

/** What stores comes before what looks it up, and what takes away comes last. */
const order = ['put', 'post', 'get', 'delete']

test('every example of the grid’s and planning’s API works as it is written, and is answered as the document says', async () => {
  // An FU has no identifier before an FSP registers it; its demand schedule is that of a connection, whose examples are walked.
  const walk = [...documented.keys()]
    .filter((name) => !(name in operationGroups.unitDemandSchedules))
    .toSorted((a, b) => order.indexOf(operations[a].method) - order.indexOf(operations[b].method))
  expect(walk.length).toBeGreaterThan(65)
  for (const name of walk) {
    const { call, status, body } = await send(name)
    const { responses, requestBody } = documentedOf(name)
    const success = Object.keys(responses).filter((code) => code.startsWith('2'))
    expect
      .soft(success, `${name} ${JSON.stringify(call)} was answered ${JSON.stringify(body).slice(0, 600)}`)
      .toContain(String(status))
    if (requestBody) expect.soft(call.text ?? call.body, `${name} has no example`).toBeTruthy()
  }
}, 120_000)
