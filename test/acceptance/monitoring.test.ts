import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { commands } from '../../cli/commands.ts'
import { settingsOf } from '../../cli/configuration/variables.ts'
import { startGateway } from '../../dnp3-gateway/index.ts'
import { startFsp } from '../../fsp/index.ts'
import { SystemClock } from '../../platform/clock/index.ts'
import { createLog } from '../../platform/log/index.ts'
import { ProcessMetrics } from '../../platform/metrics/index.ts'
import { sessionOperations } from '../../schemas/access/sessions.ts'
import { depotAlarmKind } from '../../schemas/fsp/alarms.ts'
import { alarmKind } from '../../schemas/grid/alarms.ts'
import { readDepots } from '../../seeds/index.ts'
import { runbookFile, withAlarms } from '../../tools/runbook.ts'
import { createTestDatabase } from '../support/database.ts'
import { startTestServer } from '../support/server.ts'

const file = (path: string) => readFile(new URL(`../../deploy/${path}`, import.meta.url), 'utf8')

let exposed = new Set<string>()
let text = ''
const closers: (() => Promise<unknown>)[] = []

afterAll(async () => {
  for (const close of closers) await close()
})

/** What the processes show, each really started. Tasks and requests have to have happened once to show. */
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-monitoring-'))
  const log = createLog('test', 'silent')
  const around = (name: string) => {
    const metrics = new ProcessMetrics(name)
    metrics.ran('a task', 1, false, Date.now())
    return { metrics, metricsPort: 0, log, clock: new SystemClock(() => undefined) }
  }
  const [serverDatabase, fspDatabase] = [await createTestDatabase('server'), await createTestDatabase('fsp')]
  const { metrics, metricsPort, clock } = around('server')
  const server = await startTestServer(serverDatabase.url, clock, { metrics, metricsPort })
  const { metricsPort: port, ...rest } = around('gateway')
  const credentials = { gatewayId: 'g', clientId: 'g', clientSecret: 's' }
  const gateway = await startGateway({
    ...credentials,
    ...rest,
    metricsPort: port,
    serverUrl: server.portUrl,
    spoolFolder: join(folder, 'spool'),
  })
  const fsp = await startFsp({
    ...around('fsp'),
    databaseUrl: fspDatabase.url,
    environment: 'live',
    host: '127.0.0.1',
    port: 0,
    ocppPort: 0,
    dnoUrl: null,
    first: await readDepots(),
    secretKeyFile: join(folder, 'key'),
  })
  closers.push(
    () => fsp.close(),
    () => gateway.close(),
    () => rm(folder, { recursive: true, force: true }),
  )
  await fetch(`${server.url}${sessionOperations.readSession.path}`)
  await fetch(`${fsp.url}/healthz`)
  const pages = [server.metricsUrl, gateway.metricsUrl, fsp.metricsUrl].map((url) => fetch(url ?? ''))
  text = (await Promise.all((await Promise.all(pages)).map((page) => page.text()))).join('\n')
  exposed = new Set([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name]) => name ?? ''))
})

/** The metrics that an expression reads, without the suffixes of histograms. */
function metricsIn(expression: string): string[] {
  return [...expression.matchAll(/ringmain_[a-z0-9_]+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''))
}

interface Rule {
  alert: string
  expr: string
  labels: { severity: string }
  annotations: { summary: string }
}

test('every figure of server, gateway and FSP can be read from a new database', () => {
  expect(text).toMatch(/^ringmain_server_figures_unread 0$/m)
  expect(text).toMatch(/^ringmain_fsp_figures_unread 0$/m)
  expect(text).toMatch(/^ringmain_server_instructions_unanswered 0$/m)
  expect(text).toMatch(/^ringmain_server_database_bytes \d{6,}/m)
  expect(text).toMatch(/^ringmain_fsp_charge_points\{state="away"\} [1-9]\d*$/m)
  expect(text).toMatch(
    /^ringmain_server_request_duration_seconds_count\{method="GET",route="\/api\/session",status="\d+"\} 1$/m,
  )
})

test('every alert and every panel of the dashboard reads metrics that exist', async () => {
  const { groups } = parse(await file('prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  const dashboard = JSON.parse(await file('grafana/ringmain.json')) as {
    panels: { title: string; targets?: { expr: string }[] }[]
  }
  const read = [
    ...rules.map(({ alert, expr }) => [alert, expr] as const),
    ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ]
  expect(read.length).toBeGreaterThan(40)
  const unknown = read.flatMap(([name, expr]) =>
    metricsIn(expr)
      .filter((metric) => !exposed.has(metric))
      .map((metric) => `${name}: ${metric}`),
  )
  expect(unknown).toEqual([])
})

test('every alert and every kind of alarm has its place in the runbook, which says what the alarms themselves say', async () => {
  const { groups } = parse(await file('prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }
  const runbook = await readFile(runbookFile, 'utf8')
  const headings = new Set([...runbook.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) => heading))
  const wanted = [
    ...groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)),
    ...alarmKind.options,
    ...depotAlarmKind.options.map((kind) => `depot: ${kind}`),
  ]
  expect(wanted.filter((heading) => !headings.has(heading))).toEqual([])
  expect(runbook).toBe(withAlarms(runbook))
})

test('the container and the systemd units start commands that exist, and wait as long as a process may take to end', async () => {
  const compose = parse(await file('container/compose.yml')) as {
    services: Record<string, { command?: string[]; stop_grace_period?: string; environment: Record<string, unknown> }>
  }
  const ours = Object.entries(compose.services).filter(([name]) => name !== 'database')
  for (const [, { command = [], stop_grace_period, environment }] of ours) {
    expect(Object.keys(commands)).toContain(command[0])
    expect(stop_grace_period).toBe('35s')
    const known = new Set((await settingsOf(command[0] ?? '', commands)).map(({ variable }) => variable))
    expect(Object.keys(environment).filter((each) => !known.has(each))).toEqual([])
  }
  for (const name of ['server', 'gateway', 'fsp']) {
    const unit = await file(`systemd/ringmain-${name}.service`)
    const [, command = ''] = /^ExecStart=\S+ \S+cli\/main\.ts (\S+)$/m.exec(unit) ?? []
    expect(Object.keys(commands)).toContain(command)
    expect(unit).toMatch(/^TimeoutStopSec=35$/m)
    const known = new Set((await settingsOf(command, commands)).map(({ variable }) => variable))
    const used = [...(await file(`systemd/${name}.env.example`)).matchAll(/^([A-Z_]+)=/gm)].map(
      ([, each]) => each ?? '',
    )
    expect(used.filter((each) => !known.has(each))).toEqual([])
  }
})
