import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { startCluster } from '../platform/db/index.ts'
import { depotOperations } from '../schemas/fsp/depot-api.ts'
import { createClient } from '../schemas/vocabulary/client.ts'
import { depotsOf, type OcppOrder, siteLoadKey } from './ocpp-fleet/fleet.ts'
import { Child } from './support/child.ts'

/** The FSP's limit: 99 of 100 charge points have their set point within this time of what called for it. */
const burstLimitMs = 1_000

/** Longest that the slowest charge point may take before the benchmark gives up, ms. */
const patienceMs = 30_000

/**
 * `--charge-points 1000 --meter 10 --seconds 60`: that many charge points with a vehicle each, in depots of 100, over real OCPP 1.6-J to one
 * FSP process. After a while of meter values the buildings of all depots take all there is at once, so that each charge point has to stop;
 * `burstP99Ms` is the time from the first delivery of a site load until the set point has reached the charge point. `ratio`: the limit of
 * that time over it.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const number = (name: string, fallback: number) => Number(options[name] ?? fallback)
  const [folder, clusterFolder] = await Promise.all([newFolder(), newFolder()])
  const cluster = await startCluster({ folder: clusterFolder, durable: true })
  const order: OcppOrder = {
    databaseUrl: cluster.url(),
    folder,
    ocppUrl: '',
    chargePoints: number('charge-points', 1_000),
    meterS: number('meter', 10),
  }
  const [fsp, units] = [child('fsp.ts'), child('units.ts')]
  try {
    return await measure(fsp, units, order, number('seconds', 60) * 1_000)
  } finally {
    for (const each of [units, fsp]) await each.stop()
    await cluster.stop()
    for (const each of [folder, clusterFolder]) await rm(each, { recursive: true, force: true })
  }
}

function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'ringmain-ocpp-'))
}

function child(file: string): Child {
  return new Child(new URL(`ocpp-fleet/${file}`, import.meta.url))
}

interface UnitsReport {
  setMs: (number | null)[]
  limitsA: number[]
  metered: number
  failed: number
}

async function measure(fsp: Child, units: Child, order: OcppOrder, durationMs: number) {
  const { url, ocppUrl } = await fsp.order<{ url: string; ocppUrl: string }>('start', order)
  await deliverSiteLoads(url, order.chargePoints, 0)
  await units.order('start', { ...order, ocppUrl })
  await fsp.order('measure')
  await setTimeout(durationMs / 2)
  await units.order('burst')
  const burstMs = Date.now()
  // All that the connections allow, beside what the vehicles take: nothing is left for them.
  await deliverSiteLoads(url, order.chargePoints, 2)
  const { setMs, limitsA } = await settled(units)
  await setTimeout(durationMs / 2)
  const { metered, failed } = await units.order<UnitsReport>('report')
  const used = await fsp.order<{ rssMb: number; cpuS: number }>('report')
  const times = setMs.flatMap((ms) => (ms === null ? [] : ms - burstMs)).sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN
  return {
    chargePoints: order.chargePoints,
    burstP50Ms: at(0.5),
    burstP99Ms: at(0.99),
    burstMaxMs: at(1),
    ratio: burstLimitMs / at(0.99),
    reached: times.length,
    mostA: limitsA.reduce((most, a) => Math.max(most, a), 0),
    meterValues: metered,
    failed,
    cpuFsp: Math.round(used.cpuS * 10) / 10,
    rssMb: used.rssMb,
  }
}

/** Waits until every charge point has a set point of the burst, or patience is over. */
async function settled(units: Child): Promise<UnitsReport> {
  const endMs = Date.now() + patienceMs
  for (;;) {
    await setTimeout(200)
    const report = await units.order<UnitsReport>('report')
    if (report.setMs.every((ms) => ms !== null) || Date.now() > endMs) return report
  }
}

/** Delivers a site load to every depot: a share of what all of its vehicles may take together. */
async function deliverSiteLoads(url: string, chargePoints: number, share: number): Promise<void> {
  const client = createClient(({ path, init }) => fetch(`${url}${path}`, init))
  const headers = { authorization: `Bearer ${siteLoadKey}` }
  const at = new Date().toISOString()
  await Promise.all(
    depotsOf(chargePoints).map((depot) => {
      const body = { readings: [{ at, siteLoadW: share * depot.ascKva * 1_000 }] }
      return client.call(depotOperations.takeSiteLoad, { params: { depotId: depot.depotId }, body }, { headers })
    }),
  )
}
