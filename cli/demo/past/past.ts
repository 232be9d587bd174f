import { join } from 'node:path'
import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import { openDatabase } from '../../../platform/db/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import type { Role } from '../../../schemas/vocabulary/roles.ts'
import { readPeople, seedNetwork, seedPeople } from '../../../seeds/index.ts'
import { type PastCompany, readNorthbank, seedPastSites } from '../../../seeds/lived-in/northbank.ts'
import { type RunningServer, startServer } from '../../../server/app/index.ts'
import { listFsps } from '../../../server/market/index.ts'
import type { Databases } from '../../system/databases.ts'
import { logInAs } from '../../system/people.ts'
import type { PortalClient } from '../../system/portal-client.ts'
import { pastCalendar, settledAt } from './calendar.ts'
import { contractUnits, joinCompany, type Past, pastSecret } from './company.ts'
import { breachEvening, quietMonitor } from './episodes.ts'
import { deliver, disputeWorst, firstMeteredDay, settle } from './settling.ts'

export interface PastOptions {
  databases: Pick<Databases, 'serverUrl' | 'serverOwnerUrl'>
  dataFolder: string
  /** When the demo is started. */
  now: Instant
  log: Log
}

/**
 * Gives a new demo two settled months before it starts: an FSP that joined, was awarded contracts, delivered, was paid and disputes a line; a
 * breach; and monitors that went quiet. Everything is done at its own time by the people of the demo, through the API of a server whose clock
 * stands in the past; only the instructions are recorded, because no FSP of that time is there to answer.
 *
 * Every step looks at what is there, so that a start that was stopped is gone on with. Where the demo has run before, nothing is added: its
 * present cannot be put after a past. Returns whether there was anything to do.
 */
export async function livePast(options: PastOptions): Promise<boolean> {
  const company = await readNorthbank()
  if (await hasPresent(options.databases, company)) return false
  const { databases, dataFolder, now, log } = options
  const calendar = pastCalendar(now)
  const clock = new SimulatedClock(calendar.joinsAt)
  const server = await startServer({
    databaseUrl: databases.serverUrl,
    ...(databases.serverOwnerUrl ? { ownerDatabaseUrl: databases.serverOwnerUrl } : {}),
    host: '127.0.0.1',
    port: 0,
    role: 'api',
    environment: 'demo',
    secretKeyFile: join(dataFolder, 'server.key'),
    demoAccounts: await readPeople(),
    clock,
    log: log.child({ process: 'past' }),
  })
  try {
    const secret = await pastSecret(dataFolder, log)
    await seedPeople(server.context)
    await seedNetwork(server.context)
    await seedPastSites(server.context, company)
    await live({ server, clock, calendar, company, secret, ...(await logInPeople(server)) })
  } finally {
    await server.close()
  }
  return true
}

/** Whether other FSPs than the company of the past are known: those of the demo apply within seconds of its first start. */
async function hasPresent(databases: PastOptions['databases'], { companyName }: PastCompany): Promise<boolean> {
  const { db, close } = await openDatabase(databases.serverUrl, { poolSize: 1 })
  try {
    const [found] = await db.execute<{ there: boolean }>(sql`select to_regclass('fsp') is not null as there`)
    if (!found?.there) return false
    return (await listFsps(db, null)).some((fsp) => fsp.companyName !== companyName)
  } finally {
    await close()
  }
}

async function logInPeople({
  url,
}: RunningServer): Promise<Pick<Past, 'engineer' | 'approver' | 'operator' | 'clerks'>> {
  const two = async (role: Role): Promise<[PortalClient, PortalClient]> => {
    const [one, other] = await logInAs(url, role)
    if (!one || !other) throw new Error(`the seeds do not have two people with the role ${role}`)
    return [one, other]
  }
  const [engineer, approver] = await two('flexibility-engineer')
  return {
    engineer,
    approver,
    operator: once(async () => {
      const [operator] = await logInAs(url, 'operator')
      if (!operator) throw new Error('the seeds have no operator')
      return operator
    }),
    clerks: once(() => two('settlement')),
  }
}

/** Makes something on first use. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

/** The past from its beginning to now, in order of time. */
async function live(past: Past): Promise<void> {
  const { clock, calendar, company } = past
  const joined = await joinCompany(past)
  await contractUnits(past, joined)
  const [earlier, later] = calendar.months
  clock.jumpTo(settledAt(earlier))
  await deliver(past, joined, firstMeteredDay(past), earlier.atEndOfMonth())
  await settle(past, joined, 'A', earlier, 'issued')
  await settle(past, joined, 'C', earlier, 'issued')
  clock.jumpTo(settledAt(later))
  await deliver(past, joined, later.atDay(1), later.atEndOfMonth())
  await disputeWorst(joined, await settle(past, joined, 'A', later, 'issued'))
  await settle(past, joined, 'C', later, 'approved')
  const [, quiet, exceeding] = company.sites
  if (exceeding) await breachEvening(past, exceeding)
  if (quiet) await quietMonitor(past, quiet)
  await runningMonth(past, joined)
}

/** What the month that runs has so far: a draft of its statement can be looked at. */
async function runningMonth(past: Past, joined: Awaited<ReturnType<typeof joinCompany>>): Promise<void> {
  const { month, until } = past.calendar.running
  past.clock.jumpTo(past.calendar.endsAt)
  await deliver(past, joined, month.atDay(1), until)
  await settle(past, joined, 'A', month, 'draft')
}
