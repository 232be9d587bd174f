import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import type { GatewayCounters } from '../dnp3-gateway/index.ts'
import { startCluster } from '../platform/db/index.ts'
import { Callers } from './gateway-fleet/callers.ts'
import { type FleetOrder, hubIdOf, hubsPerProcess } from './gateway-fleet/fleet.ts'
import { Child } from './support/child.ts'

/** The gateway's limit: 99 of 100 readings are stored within this time of the hub's answer. */
const lagLimitMs = 5_000
/** How often the gateway is asked how many hubs are online, and the least time for the usual figures, ms. */
const [lookMs, leastUsualMs] = [250, 20_000]
/** How long the fleet may take to be found again before the benchmark gives up, ms. */
const patienceMs = 300_000

/**
 * `--hubs 10000 --values 40 --poll 60 --minutes 5`: that many simulated hubs, polled by one gateway process, through the
 * server into PostgreSQL, all on this machine. What the hubs report as answered is compared with the database, hub by hub.
 * The lag is the time from a hub's answer until its batch is stored. `ratio`: the limit of the lag over the lag.
 * With `--reconnect` all hubs lose their connection at once half-way, and are there again, while an FSP submits schedules: `reconnect` has how
 * long it takes until all are online (FM26), and the time of 95 of 100 submissions before it and during it.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const number = (name: string, fallback: number) => Number(options[name] ?? fallback)
  const [folder, clusterFolder] = await Promise.all([newFolder(), newFolder()])
  const cluster = await startCluster({ folder: clusterFolder, durable: true })
  const order: FleetOrder = {
    hubs: number('hubs', 10_000),
    values: number('values', 40),
    pollS: number('poll', 60),
    firstHub: 0,
    databaseUrl: cluster.url(),
    folder,
    secret: randomUUID(),
    serverUrl: '',
  }
  const field = Array.from({ length: Math.ceil(order.hubs / hubsPerProcess(order.pollS)) }, () => child('hubs.ts'))
  const [server, gateway] = [child('server.ts'), child('gateway.ts')]
  try {
    const durationMs = number('minutes', 5) * 60_000
    return await measure(new Field(field, order), server, gateway, order, {
      durationMs,
      reconnects: 'reconnect' in options,
    })
  } finally {
    for (const child of [...field, server, gateway]) await child.stop()
    await cluster.stop()
    for (const each of [folder, clusterFolder]) await rm(each, { recursive: true, force: true })
  }
}

function child(file: string): Child {
  return new Child(new URL(`gateway-fleet/${file}`, import.meta.url))
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringmain-fleet-'))
}

interface FieldReport {
  answered: number[]
  cpuS: number
  rssMb: number
}

/** The hubs, in as many processes as they need. */
class Field {
  readonly #children: readonly Child[]
  readonly #order: FleetOrder

  constructor(children: readonly Child[], order: FleetOrder) {
    this.#children = children
    this.#order = order
  }

  async start(): Promise<void> {
    const { hubs, pollS } = this.#order
    const most = hubsPerProcess(pollS)
    for (const [i, child] of this.#children.entries()) {
      const firstHub = i * most
      const part = { hubs: Math.min(most, hubs - firstHub), firstHub }
      await child.order('start', { ...this.#order, ...part })
    }
  }

  /** All hubs at once. */
  async drop(): Promise<void> {
    await Promise.all(this.#children.map((child) => child.order('drop')))
  }

  /** Points that each hub reports as answered, and the processes' CPU seconds and memory. */
  async report(): Promise<FieldReport> {
    const reports: FieldReport[] = []
    for (const child of this.#children) reports.push(await child.order<FieldReport>('report'))
    return {
      answered: reports.flatMap((r) => r.answered),
      cpuS: reports.reduce((sum, r) => sum + r.cpuS, 0),
      rssMb: reports.reduce((sum, r) => sum + r.rssMb, 0),
    }
  }
}

interface Course {
  durationMs: number
  reconnects: boolean
}

async function measure(field: Field, server: Child, gateway: Child, order: FleetOrder, course: Course) {
  await field.start()
  const served = await server.order<{ url: string; publicUrl: string; fuIds: string[] }>('start', order)
  const startedAt = Date.now()
  await gateway.order('start', { ...order, serverUrl: served.url })
  const reconnect = course.reconnects ? await loseAll(field, gateway, order.hubs, new Callers(served), course) : null
  await setTimeout(Math.max(0, course.durationMs - (Date.now() - startedAt)))
  const wallS = (Date.now() - startedAt) / 1000
  const used = await gateway.order<{ cpuS: number; rssMb: number }>('report')
  const { counters } = await gateway.order<{ counters: GatewayCounters }>('stop')
  const serverUsed = await server.order<{ cpuS: number; rssMb: number }>('report')
  const { answered, cpuS: cpuHubs, rssMb: rssHubsMb } = await field.report()
  const stored = await readStored(order.databaseUrl)
  const difference = answered.map((points, n) => points - (stored.byHub.get(hubIdOf(n)) ?? 0))
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
  return {
    hubs: order.hubs,
    polls: counters.polls,
    failedPolls: counters.failedPolls,
    readings: counters.readings,
    lost: sum(difference.filter((points) => points > 0)),
    duplicates: -sum(difference.filter((points) => points < 0)),
    lagP50Ms: stored.lagP50Ms,
    lagP99Ms: stored.lagP99Ms,
    ratio: lagLimitMs / stored.lagP99Ms,
    cpuGateway: round(used.cpuS),
    cpuServer: round(serverUsed.cpuS),
    cpuHubs: round(cpuHubs),
    wallS: round(wallS),
    rssGatewayMb: used.rssMb,
    rssServerMb: serverUsed.rssMb,
    rssHubsMb,
    ...(reconnect && { reconnect }),
  }
}

/** Waits for half of the time, while schedules are submitted, and then for the whole fleet to be lost and found again. */
async function loseAll(field: Field, gateway: Child, hubs: number, callers: Callers, { durationMs }: Course) {
  const online = async () => {
    const { counters } = await gateway.order<{ counters: GatewayCounters }>('report')
    return counters.hubsOnline
  }
  const halfAt = Date.now() + durationMs / 2
  while ((await online()) < hubs) await setTimeout(lookMs)
  callers.start()
  await setTimeout(Math.max(leastUsualMs, halfAt - Date.now()))
  const usual = callers.takeP95Ms()
  const lostAt = Date.now()
  await field.drop()
  let fewest = hubs
  for (;;) {
    const now = await online()
    if (now === hubs && fewest < hubs) break
    fewest = Math.min(fewest, now)
    if (Date.now() - lostAt > patienceMs) throw new Error(`only ${now} of ${hubs} hubs are online again`)
    await setTimeout(lookMs)
  }
  const reconnecting = callers.takeP95Ms()
  const ms = Date.now() - lostAt
  await callers.stop()
  return {
    lost: hubs - fewest,
    ms,
    apiP95Ms: { usual, reconnecting },
    ratio: usual && reconnecting && round(usual / reconnecting),
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Readings per hub, and how long after the hub's answer they were stored, from the tables themselves. */
async function readStored(databaseUrl: string) {
  const sql = postgres(databaseUrl)
  try {
    const rows = await sql<{ hubId: string; readings: number }[]>`
      select hub_id as "hubId", count(*)::int as readings from measurement group by 1`
    const [lag] = await sql<{ p50: number; p99: number }[]>`
      with lag as (
        select extract(epoch from b.stored_at - m.received_time) * 1000 as ms
        from (select hub_id, sequence, max(received_time) as received_time from measurement group by 1, 2) m
        join measurement_batch b using (hub_id, sequence))
      select percentile_cont(0.5) within group (order by ms)::float8 as p50,
        percentile_cont(0.99) within group (order by ms)::float8 as p99 from lag`
    return {
      byHub: new Map(rows.map((row) => [row.hubId, row.readings])),
      lagP50Ms: Math.round(lag?.p50 ?? Number.NaN),
      lagP99Ms: Math.round(lag?.p99 ?? Number.NaN),
    }
  } finally {
    await sql.end()
  }
}
