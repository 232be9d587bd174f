import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { Instant } from '@js-joda/core'
import { createDatabase, type Database, openDatabase, startCluster } from '../platform/db/index.ts'
import { createSecretBox, loadSecretKeys, type SecretBox } from '../platform/secrets/index.ts'
import { flexibleUnit, fsp, sealedControlSecrets } from '../server/market/parties/tables.ts'
import { giveAuthorityToAll } from './support/authority.ts'
import { Child } from './support/child.ts'
import { type BenchHub, makeHubs } from './support/grid.ts'
import { fspRow, planTurnDowns, unitRows } from './support/units.ts'
import { type Balancer, openBalancer } from './two-servers/balancer.ts'
import { type BenchFsp, startFsp } from './two-servers/fsp.ts'
import type { GatewaysData, Sent } from './two-servers/gateways.ts'
import { keyFileIn } from './two-servers/order.ts'

const [hubCount, gateways] = [100, 4]
/** Instructions that wait when both servers look next. */
const units = 1_000
/** One server is killed once so many have reached the FSP. */
const killedAfter = 200
/** How long what the killed server had begun may take the other, s: it waits for the end of leases. */
const patienceS = 300

/** A server with the process that it is. */
interface Server {
  child: Child
  port: number
}

/**
 * Two servers on one database behind one address: four gateways send what they have to one of them for `--seconds 15`, then to both, and then, in a
 * minute and a half, 1,000 instructions go out beside it, in the midst of which one server is killed (SIGKILL). What was acknowledged has to be stored
 * once, and each instruction to have one effect. All of it is on this machine, so that two servers are hardly quicker than one where it has two cores.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const seconds = Number(options['seconds'] ?? 15)
  const [folder, keys] = [
    await mkdtemp(join(tmpdir(), 'ringmain-bench-')),
    await mkdtemp(join(tmpdir(), 'ringmain-bench-keys-')),
  ]
  const cluster = await startCluster({ folder, durable: true })
  const [balancer, peer] = [await openBalancer(), await startFsp()]
  const servers: Server[] = []
  try {
    await createDatabase(cluster.url(), 'twins')
    const databaseUrl = cluster.url('twins')
    const start = async () => {
      const child = new Child(new URL('./two-servers/server.ts', import.meta.url))
      const { url } = await child.order<{ url: string }>('start', {
        databaseUrl,
        folder: keys,
        publicUrl: balancer.url,
      })
      servers.push({ child, port: Number(new URL(url).port) })
      balancer.aim(servers.map(({ port }) => port))
    }
    await start()
    const { db, close } = await openDatabase(databaseUrl, { poolSize: 4 })
    const hubs = await makeHubs(db, hubCount, gateways)
    const workerData: GatewaysData = { publicUrl: balancer.url, hubs }
    const fleet = new Worker(new URL('./two-servers/gateways.ts', import.meta.url), { workerData })
    const send = async (stretch: number): Promise<Sent> => {
      fleet.postMessage({ seconds: stretch })
      return ((await once(fleet, 'message')) as [Sent])[0]
    }
    await send(5)
    const one = await send(seconds)
    await start()
    await send(5)
    const both = await send(seconds)
    const secrets = createSecretBox(...(await loadSecretKeys(keyFileIn(keys), () => undefined)))
    await planFor(db, secrets, peer, hubs)
    const sending = send(90)
    const killedMs = await killOneOf(servers, balancer, peer)
    const dispatch = await settled(db)
    const last = await sending
    const ratePerS = ({ readings, elapsedMs }: Sent) => Math.round((readings / elapsedMs) * 1_000)
    const kept = await keptOf(db, last.acknowledged)
    await fleet.terminate()
    await close()
    return {
      oneReadingsPerS: ratePerS(one),
      twoReadingsPerS: ratePerS(both),
      withOneKilledReadingsPerS: ratePerS(last),
      ratio: Number((ratePerS(both) / ratePerS(one)).toFixed(2)),
      failedCalls: last.failedCalls,
      ...kept,
      instructions: units,
      killedMs,
      dispatchMs: dispatch,
      ...effectsOf(peer),
    }
  } finally {
    for (const { child } of servers) await child.stop()
    balancer.close()
    peer.close()
    await cluster.stop()
    for (const made of [folder, keys]) await rm(made, { recursive: true, force: true })
  }
}

/** An FSP with its FUs, and an instruction for each, which is to be sent by the end of the next quarter-hour. */
async function planFor(db: Database, secrets: SecretBox, peer: BenchFsp, hubs: readonly BenchHub[]): Promise<void> {
  const [at, fspId] = [Instant.now(), randomUUID()]
  const from = Instant.ofEpochSecond((Math.floor(at.epochSecond() / 900) + 2) * 900)
  const sealedSecret = secrets.seal('secret', sealedControlSecrets.use(fspId))
  const control = { baseUrl: peer.url, tokenEndpoint: `${peer.url}/token`, sealedSecret }
  await db.insert(fsp).values(fspRow(fspId, 'Bench', at, control))
  const place = { nodeId: 'gsp', connectionOf: (n: number) => hubs[n % hubs.length]?.connectionId ?? '' }
  const rows = unitRows(fspId, units, place)
  await db.insert(flexibleUnit).values(rows)
  await giveAuthorityToAll(db)
  await planTurnDowns(db, rows, { at, from })
}

/** Kills a server while instructions are going out. Returns how long it took until then, ms. Errors: none went out, or all had. */
async function killOneOf(servers: Server[], balancer: Balancer, peer: BenchFsp): Promise<number> {
  const begun = performance.now()
  while (peer.received.size < killedAfter && performance.now() - begun < patienceS * 1_000) await wait(5)
  const [killed, ...rest] = servers
  const gone = peer.received.size
  if (!killed || gone < killedAfter || gone === units)
    throw new Error(`${gone} of ${units} instructions had gone out: a server was to be killed in the midst of them`)
  process.kill(killed.child.pid, 'SIGKILL')
  balancer.aim(rest.map(({ port }) => port))
  servers.splice(0, servers.length, ...rest)
  return Math.round(performance.now() - begun)
}

/** Waits until every instruction is acknowledged. Returns how long that took, ms. */
async function settled(db: Database): Promise<number> {
  const begun = performance.now()
  while (performance.now() - begun < patienceS * 1_000) {
    const [row] = await db.$client`select count(*)::int as n from instruction where state = 'acknowledged'`
    if (row?.['n'] === units) return Math.round(performance.now() - begun)
    await wait(200)
  }
  const states = await db.$client`select state, count(*)::int as n from instruction group by 1`
  throw new Error(
    `after ${patienceS} s the instructions are ${states.map(({ state, n }) => `${n} ${state}`).join(', ')}`,
  )
}

/** Of the readings that were acknowledged, those that are not stored, and those that are stored more than once. */
async function keptOf(db: Database, acknowledged: ReadonlyMap<string, number>) {
  const [row] = await db.$client`
    with told as (select key::uuid as hub_id, value::bigint as last from json_each_text(${JSON.stringify(Object.fromEntries(acknowledged))}::text::json)),
      stored as (
        select m.hub_id, m.sequence, count(*)::int as n, count(distinct (m.feeder, m.phase, m.quantity))::int as points
        from measurement m group by 1, 2
      )
    select (select sum(last)::int from told) as batches, (select sum(n)::int from stored) as readings,
      (select count(*)::int from told, generate_series(1, told.last) s
        where not exists (select from stored where stored.hub_id = told.hub_id and stored.sequence = s and stored.points = 48)) as lost,
      (select count(*)::int from stored where n > points) as doubled`
  return {
    batches: row?.['batches'],
    readings: row?.['readings'],
    lostBatches: row?.['lost'],
    doubledBatches: row?.['doubled'],
  }
}

/** Instructions that reached the FSP, those that were sent to it again, and FUs with another number of effects than one. */
function effectsOf({ received, effects }: BenchFsp) {
  const again = [...received.values()].filter((n) => n > 1).length
  const wrong = [...effects.values()].filter((own) => own.size !== 1).length
  return {
    received: received.size,
    sentAgain: again,
    lostInstructions: units - effects.size,
    doubledInstructions: wrong,
  }
}
