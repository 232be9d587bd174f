import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { SimulatedClock } from '../platform/clock/index.ts'
import { createDatabase, migrateDatabase, openDatabase, startCluster } from '../platform/db/index.ts'
import { createSecretBox } from '../platform/secrets/index.ts'
import { serverMigrations } from '../server/app/migrations.ts'
import { createSender } from '../server/dispatch/sending/index.ts'
import { createControlDirectory } from '../server/dispatch/transports/index.ts'
import { peoplePolicies, type ServerContext, tokenIssuerAt } from '../server/kit/index.ts'
import { flexibleUnit, fsp, sealedControlSecrets } from '../server/market/parties/tables.ts'
import { saveTestNetwork, saveTestSite } from '../test/support/market.ts'
import { giveAuthorityToAll } from './support/authority.ts'
import { fspRow, planTurnDowns, unitRows } from './support/units.ts'

const [fspCount, unitsPerFsp] = [200, 25]
/** One in twenty fails every call, and one in twenty takes longer than the server waits. */
const every = 20
const limitMs = 30_000

const at = Instant.parse('2026-01-15T16:30:00Z')
const from = at.plusSeconds(1_800)

interface Peers {
  url: string
  /** What took effect at the FSPs, by instruction. */
  taken: Set<string>
  close(): void
}

/** All FSPs behind one port, distinguished by path: token endpoints and control APIs over real HTTP. */
async function startPeers(): Promise<Peers> {
  const taken = new Set<string>()
  const answer = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const [, number = '0', what = ''] = (request.url ?? '').split('/')
      if (what === 'token')
        return answer(response, 200, { access_token: `t${number}`, token_type: 'Bearer', expires_in: 600 })
      if (Number(number) % every === 0) return answer(response, 500, {})
      if (Number(number) % every === 1) return undefined
      const { instructionId } = JSON.parse(Buffer.concat(parts).toString())
      taken.add(instructionId)
      return answer(response, 200, { instructionId, outcome: 'accepted' })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    taken,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function seed(context: ServerContext, url: string): Promise<void> {
  const { db, secrets } = context
  await saveTestNetwork(db)
  const { connectionId } = await saveTestSite(db, at)
  const numbers = Array.from({ length: fspCount }, (_, number) => ({ number, fspId: randomUUID() }))
  await db.insert(fsp).values(
    numbers.map(({ number, fspId }) => {
      const sealedSecret = secrets.seal('secret', sealedControlSecrets.use(fspId))
      const control = { baseUrl: `${url}/${number}`, tokenEndpoint: `${url}/${number}/token`, sealedSecret }
      return fspRow(fspId, `FSP ${number}`, at, control)
    }),
  )
  const units = numbers.flatMap(({ fspId }) =>
    unitRows(fspId, unitsPerFsp, { nodeId: 'sec', connectionOf: () => connectionId }),
  )
  await db.insert(flexibleUnit).values(units)
  await giveAuthorityToAll(db)
  await planTurnDowns(db, units, { at, from })
}

/**
 * One tick's sends to 200 FSPs with 5,000 FUs, when one FSP in twenty fails and one in twenty hangs: the time until every healthy FSP
 * has acknowledged, against the limit of 30 s.
 */
export async function run(): Promise<Record<string, unknown>> {
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-bench-'))
  const cluster = await startCluster({ folder, durable: true })
  const peers = await startPeers()
  try {
    await createDatabase(cluster.url(), 'fanout')
    await migrateDatabase(cluster.url('fanout'), serverMigrations)
    const { db, close } = await openDatabase(cluster.url('fanout'), { poolSize: 20 })
    const context: ServerContext = {
      db,
      clock: new SimulatedClock(at),
      log: pino({ level: 'silent' }),
      secrets: createSecretBox(randomBytes(32)),
      publicUrl: 'http://localhost',
      tokenIssuer: tokenIssuerAt('http://localhost'),
      environment: 'demo',
      people: peoplePolicies.demo,
      announce: () => undefined,
      hear: () => () => undefined,
    }
    await seed(context, peers.url)
    const send = createSender(context, createControlDirectory(context))
    const healthy = (fspCount - (2 * fspCount) / every) * unitsPerFsp
    const begun = performance.now()
    const acknowledged = async () =>
      Number((await db.$client`select count(*)::int as n from instruction where state = 'acknowledged'`)[0]?.['n'])
    const round = send()
    let healthyMs = Number.NaN
    while (Number.isNaN(healthyMs) && performance.now() - begun < 2 * limitMs) {
      if ((await acknowledged()) === healthy) healthyMs = performance.now() - begun
      else await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await round
    const roundMs = performance.now() - begun
    const states = await db.$client`select state, count(*)::int as n from instruction group by state order by state`
    await close()
    return {
      units: fspCount * unitsPerFsp,
      fsps: fspCount,
      healthy,
      acknowledged: peers.taken.size,
      healthyMs: Math.round(healthyMs),
      roundMs: Math.round(roundMs),
      limitMs,
      ratio: Math.round((limitMs / healthyMs) * 10) / 10,
      states: Object.fromEntries(states.map((row) => [row['state'], row['n']])),
    }
  } finally {
    peers.close()
    await cluster.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
