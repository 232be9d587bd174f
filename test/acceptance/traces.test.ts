import { eq } from 'drizzle-orm'
import { beforeAll, expect, test } from 'vitest'
import { contractedStarts } from '../../cli/demo/market.ts'
import type { TracedProcess } from '../../cli/system/system.ts'
import { openTracing } from '../../platform/tracing/index.ts'
import { controlOperations } from '../../schemas/fsp/control.ts'
import { operations } from '../../schemas/operations.ts'
import { periodStarts } from '../../schemas/vocabulary/time.ts'
import { instruction } from '../../server/dispatch/instructions/tables.ts'
import { findFsp, sealedControlSecrets } from '../../server/market/index.ts'
import { type DeliveredSpan, startCollector } from '../support/collector.ts'
import { type Scenario, startScenario } from '../support/scenario.ts'

const processes: TracedProcess[] = ['server', 'gateway', 'fsp']

const reportPath = operations.reportOnInstruction.path
const measurementsPath = operations.storeMeasurements.path
const instructPath = controlOperations.instruct.path

let scenario: Scenario
let spans: DeliveredSpan[]
let sent = ''
let instructionId = ''

const named = (name: string, among = spans) => among.filter((each) => each.name === name)

/** A depot is instructed from 17:00 on; by 17:03 its FSP has said that it has started. */
beforeAll(async () => {
  const collector = await startCollector()
  const open = async (name: TracedProcess) => {
    const onDelivery = (fault: string | null) => expect(fault).toBeNull()
    return [name, await openTracing({ endpoint: collector.url, serviceName: name, ratio: 1, onDelivery })] as const
  }
  const tracings = await Promise.all(processes.map(open))
  scenario = await startScenario({ depotIds: ['islington'], tracing: Object.fromEntries(tracings) })
  const { contracts, day, engineer } = scenario
  const [contract] = contracts
  if (!contract) throw new Error('there is no contract')
  const starts = new Set(contractedStarts(contract, day).map(String))
  const values = periodStarts(day, 'PT15M').map((start) => (starts.has(String(start)) ? contract.turnDownW : null))
  const params = { fuId: contract.fuId, day: day.toString() }
  const body = { resolution: 'PT15M' as const, values }
  await engineer.api.call(operations.saveManualSchedule, { params: { ...params, kind: 'manual' }, body, version: null })
  await engineer.api.call(operations.selectDispatchSchedule, { params, body: { kind: 'manual' } })
  await engineer.api.call(operations.listConnections, { query: { search: scenario.depots[0]?.mpan ?? '' } })
  await scenario.passTo('17:03')
  const [row] = await scenario.system.server.context.db
    .select()
    .from(instruction)
    .where(eq(instruction.fuId, contract.fuId))
    .orderBy(instruction.fromAt)
  instructionId = row?.instructionId ?? ''
  for (const [, tracing] of tracings) await tracing.close()
  spans = collector.spans()
  sent = collector.texts.join('\n')
}, 240_000)

test('one trace shows an instruction across both companies: issue, delivery, handling, and the report back', () => {
  const trace = spans.filter(({ traceId }) => traceId === instructionId.replaceAll('-', ''))
  const parentOf = (span: DeliveredSpan | undefined) => trace.find(({ spanId }) => spanId === span?.parentSpanId)
  const wayUp = (span: DeliveredSpan | undefined): string[] =>
    span ? [`${span.service}: ${span.name}`, ...wayUp(parentOf(span))] : []
  expect(wayUp(named(`POST /control${instructPath}`, trace)[0])).toEqual([
    `fsp: POST /control${instructPath}`,
    `server: POST ${instructPath}`,
    'server: instruction sending',
    'server: instruction issued',
  ])
  expect(wayUp(named(`POST /api${reportPath}`, trace)[0])).toEqual([
    `server: POST /api${reportPath}`,
    `fsp: POST ${reportPath}`,
    'fsp: instruction report',
    'server: instruction issued',
  ])
  // What is stored on either side is seen with it.
  expect(wayUp(named('transaction', trace)[0])).toContain('server: instruction issued')
  const marked = trace.filter(({ attributes }) => attributes['ringmain.instruction.id'] === instructionId)
  expect(new Set(marked.map(({ name }) => name))).toEqual(
    new Set([
      'instruction issued',
      'instruction sending',
      `POST /control${instructPath}`,
      'instruction report',
      `POST /api${reportPath}`,
    ]),
  )
})

test('from the instruction one comes to the tick that issued it, and from there to the task that ran the tick', () => {
  const [issued] = named('instruction issued').filter(
    ({ attributes }) => attributes['ringmain.instruction.id'] === instructionId,
  )
  const tick = named('dispatch tick').find(({ traceId }) => traceId === issued?.linksTo[0])
  expect(tick?.attributes).toMatchObject({ 'ringmain.product': 'A', 'ringmain.tick.starts_at': expect.any(String) })
  const task = spans.find(({ spanId }) => spanId === tick?.parentSpanId)
  expect(task).toMatchObject({ service: 'server', name: 'dispatch-ticks', parentSpanId: null })
})

test('measurements, periodic work and tokens are traced from process to process', () => {
  const chainOf = (span: DeliveredSpan | undefined): string[] =>
    span ? [`${span.service}: ${span.name}`, ...chainOf(spans.find(({ spanId }) => spanId === span.parentSpanId))] : []
  const deliveries = named(`POST /api${measurementsPath}`).map(chainOf)
  expect(deliveries).toContainEqual([
    `server: POST /api${measurementsPath}`,
    `gateway: POST ${measurementsPath}`,
    'gateway: gateway polls',
  ])
  const tokens = named('POST /oidc/token').map((each) => chainOf(each).slice(0, 2))
  expect(tokens).toContainEqual(['server: POST /oidc/token', 'fsp: POST the token endpoint'])
  expect(tokens).toContainEqual(['fsp: POST /oidc/token', 'server: POST the token endpoint'])
  for (const name of ['compliance pass', 'fsp: upload', 'delivery-watch']) expect(named(name)).not.toEqual([])
})

test('no span holds a secret, a token, an MPAN or what was asked for', async () => {
  const { context } = scenario.system.server
  const [contract] = scenario.contracts
  const fsp = await findFsp(context.db, contract?.fspId ?? '')
  const secret = context.secrets.open(fsp?.sealedControlSecret ?? '', sealedControlSecrets.use(fsp?.fspId ?? ''))
  const [{ mpan } = { mpan: '' }] = scenario.depots
  expect([secret, mpan, scenario.depotStateKey].filter((each) => each && each.length > 8)).toHaveLength(3)
  for (const hidden of [secret, mpan ?? '', scenario.depotStateKey]) expect(sent).not.toContain(hidden)
  // Tokens are JWTs; queries, cookies, passwords of the demo, SQL.
  expect(sent).not.toMatch(
    /eyJ[\w-]{10}|[Bb]earer |DPoP |\?\w+=|ringmain-session|demo-|client_secret|insert into|select /,
  )
  expect(spans.length).toBeGreaterThan(500)
})
