import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import type { GatewayCounters } from '../dnp3-gateway/index.ts'
import { startCluster } from '../platform/db/index.ts'
import { type FleetOrder, hubIdOf, hubsPerProcess } from './gateway-fleet/fleet.ts'
import { Child } from './support/child.ts'

/** The gateway's limit: 99 of 100 readings are stored within this time of the hub's answer. */
const lagLimitMs = 5_000

/**
 * `--hubs 10000 --values 40 --poll 60 --minutes 5`: that many simulated hubs, polled by one gateway process, through the
 * server into PostgreSQL, all on this machine. What the hubs report as answered is compared with the database, hub by hub.
 * The lag is the time from a hub's answer until its batch is stored. `ratio`: the limit of the lag over the lag.
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
    return await measure(new Field(field, order), server, gateway, order, number('minutes', 5) * 60_000)
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

async function measure(field: Field, server: Child, gateway: Child, order: FleetOrder, durationMs: number) {
  await field.start()
  const { url } = await server.order<{ url: string }>('start', order)
  const startedAt = Date.now()
  await gateway.order('start', { ...order, serverUrl: url })
  await setTimeout(durationMs)
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
