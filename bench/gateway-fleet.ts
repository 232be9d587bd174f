import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import postgres from 'postgres'
import type { GatewayCounters } from '../dnp3-gateway/index.ts'
import { startCluster } from '../platform/db/index.ts'
import { Child, type FleetOrder } from './gateway-fleet/child.ts'
import { hubIdOf } from './gateway-fleet/fleet.ts'

/** What the gateway must keep to: 99 of 100 readings stored within this, from the hub's answer on. */
const lagLimitMs = 5_000

/**
 * `--hubs 10000 --values 40 --poll 60 --minutes 5`: that many simulated hubs in one process, polled by one gateway process, through the
 * server into PostgreSQL, all on this machine. What the hubs say that they answered is compared with what is in the database, hub by
 * hub. The lag is the time from a hub's answer to the moment at which its batch is stored. `ratio`: the limit of the lag over the lag.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const number = (name: string, fallback: number) => Number(options[name] ?? fallback)
  const [folder, clusterFolder] = await Promise.all([newFolder(), newFolder()])
  const cluster = await startCluster({ folder: clusterFolder, durable: true })
  const children = ['hubs.ts', 'server.ts', 'gateway.ts'].map((file) => new Child(file))
  const order: FleetOrder = {
    ...{ hubs: number('hubs', 10_000), values: number('values', 40), pollS: number('poll', 60), firstPort: 21_000 },
    ...{ databaseUrl: cluster.url(), folder, secret: randomUUID(), serverUrl: '' },
  }
  try {
    return await measure(children as [Child, Child, Child], order, number('minutes', 5) * 60_000)
  } finally {
    for (const child of children) await child.stop()
    await cluster.stop()
    for (const each of [folder, clusterFolder]) await rm(each, { recursive: true, force: true })
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringmain-fleet-'))
}

async function measure([hubs, server, gateway]: [Child, Child, Child], order: FleetOrder, durationMs: number) {
  await hubs.order('start', order)
  const { url } = await server.order<{ url: string }>('start', order)
  const startedAt = Date.now()
  await gateway.order('start', { ...order, serverUrl: url })
  await setTimeout(durationMs)
  const wallS = (Date.now() - startedAt) / 1000
  const used = await gateway.order<{ cpuS: number; rssMb: number }>('report')
  const { counters } = await gateway.order<{ counters: GatewayCounters }>('stop')
  const serverUsed = await server.order<{ cpuS: number; rssMb: number }>('report')
  const { answered, cpuS: cpuHubs } = await hubs.order<{ answered: number[]; cpuS: number }>('report')
  const stored = await readStored(order.databaseUrl)
  const difference = answered.map((points, n) => points - (stored.byHub.get(hubIdOf(n)) ?? 0))
  const sum = (numbers: number[]) => numbers.reduce((total, each) => total + each, 0)
  return {
    ...{ hubs: order.hubs, polls: counters.polls, failedPolls: counters.failedPolls, readings: counters.readings },
    lost: sum(difference.filter((points) => points > 0)),
    duplicates: -sum(difference.filter((points) => points < 0)),
    ...{ lagP50Ms: stored.lagP50Ms, lagP99Ms: stored.lagP99Ms, ratio: lagLimitMs / stored.lagP99Ms },
    ...{
      cpuGateway: round(used.cpuS),
      cpuServer: round(serverUsed.cpuS),
      cpuHubs: round(cpuHubs),
      wallS: round(wallS),
    },
    ...{ rssGatewayMb: used.rssMb, rssServerMb: serverUsed.rssMb },
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
