import type { Instant } from '@js-joda/core'
import type { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { createTokenSource, fetchWithToken } from '../../../platform/oauth/index.ts'
import { operations } from '../../../schemas/operations.ts'
import { type ApiClient, createClient } from '../../../schemas/vocabulary/client.ts'
import { pastWindows } from '../../../seeds/lived-in/deliveries.ts'
import type { PastCompany, PastSite } from '../../../seeds/lived-in/northbank.ts'
import { saveClient } from '../../../server/access/index.ts'
import type { RunningServer } from '../../../server/app/index.ts'
import type { PortalClient } from '../../system/portal-client.ts'
import { sharedSecret } from '../../system/secret-file.ts'
import {
  admitApplicants,
  approveAuthorities,
  awardTenders,
  enterStandingContracts,
  publishTender,
  standingShare,
} from '../market.ts'
import type { PastCalendar } from './calendar.ts'

/** The people and the server of a past, at its own time. */
export interface Past {
  server: RunningServer
  clock: SimulatedClock
  calendar: PastCalendar
  company: PastCompany
  engineer: PortalClient
  approver: PortalClient
  /** The operator, logged in on first use: hashing a password takes as long as dozens of calls. */
  operator(): Promise<PortalClient>
  /** One prepares and checks statements, the other approves them. */
  clerks(): Promise<readonly [PortalClient, PortalClient]>
  /** Secret of the company's client and of its sites' monitors. */
  secret: string
}

/** An FSP with its units, by the name of each. */
export interface JoinedCompany {
  fspId: string
  api: ApiClient
  unitOf(site: PastSite): { fuId: string }
}

/** A client with tokens of the server's own token endpoint. */
export function clientAt(server: RunningServer, clientId: string, secret: string, scope: string): ApiClient {
  const { tokenIssuer } = server.context
  const authentication = { method: 'client_secret_basic' as const, secret }
  const token = createTokenSource({ ...tokenIssuer, clientId, authentication, scope })
  return createClient(({ path, init }) => fetchWithToken(token, `${tokenIssuer.resource}${path}`, init))
}

/** The client that an FSP's application made for it. */
export function companyClientId(fspId: string): string {
  return `fsp-${fspId}`
}

/** The secret that every start of a demo knows, of the company's client and of its sites' monitors. */
export function pastSecret(dataFolder: string, log: Log): Promise<string> {
  return sharedSecret(dataFolder, 'past', (sentence) => log.warn(sentence))
}

/** Nobody answers at the control API of a company that no process plays. */
const nowhere = {
  baseUrl: 'http://127.0.0.1:9/control',
  tokenEndpoint: 'http://127.0.0.1:9/oidc/token',
  clientId: 'ringmain-dno',
  clientSecret: 'nobody answers here',
  scope: 'control',
}

/** The company applies, is admitted, gets authority over its customers' MPANs and registers its units. What is there already stays. */
export async function joinCompany(past: Past): Promise<JoinedCompany> {
  const { server, engineer, approver, company, calendar, clock, secret } = past
  const { companyName, contactName, contactEmail, sites } = company
  const find = async () => (await engineer.api.all(operations.listFsps, {})).find((f) => f.companyName === companyName)
  if (!(await find())) {
    const anyone = createClient(({ path, init }) => fetch(`${server.context.tokenIssuer.resource}${path}`, init))
    const clientAuthentication = { method: 'client_secret_basic' as const }
    const body = { companyName, contactName, contactEmail, controlApi: nowhere, clientAuthentication }
    await anyone.call(operations.applyAsFsp, { body })
  }
  await admitApplicants(engineer, approver)
  const fspId = (await find())?.fspId
  if (fspId === undefined) throw new Error(`${companyName} has not become an FSP`)
  // The secret that its application brought is gone if that start was stopped: the company gets one that every start knows.
  const clientId = companyClientId(fspId)
  const authentication = { method: 'client_secret_basic' as const, secret }
  await saveClient(
    server.context.db,
    { clientId, kind: 'fsp', subjectId: fspId, authentication, scopes: ['market', 'meter'], active: true },
    { createdAt: clock.now(), expiresAt: null },
  )
  const api = clientAt(server, clientId, secret, 'market meter')
  await applyForSites(api, sites, calendar)
  await approveAuthorities(engineer)
  for (const site of sites) await registerSite(api, site)
  const units = new Map((await api.all(operations.listFlexibleUnits, {})).map((unit) => [unit.name, unit]))
  return {
    fspId,
    api,
    unitOf({ unit: { name } }) {
      const unit = units.get(name)
      if (!unit) throw new Error(`${name} is not registered`)
      return unit
    },
  }
}

async function applyForSites(api: ApiClient, sites: readonly PastSite[], calendar: PastCalendar): Promise<void> {
  const held = new Set((await api.all(operations.listAuthorities, {})).map(({ mpan }) => mpan))
  const mpans = sites.map(({ mpan }) => mpan).filter((mpan) => !held.has(mpan))
  if (mpans.length === 0) return
  // Meter data from before the contracts, for their baselines, are the customers' own too.
  const from = calendar.months[0].atDay(1).minusDays(historyDays).toString()
  const evidence = { givenBy: 'customer-letter' as const, reference: 'Letters of authority of the sites’ owners' }
  await api.call(operations.applyForAuthorities, { body: { mpans, from, ...evidence } })
}

/** Days of meter data before the first contract: enough for ten comparable days. */
export const historyDays = 21

async function registerSite(api: ApiClient, { mpan, unit }: PastSite): Promise<void> {
  const known = (await api.all(operations.listFlexibleUnits, {})).some(({ name }) => name === unit.name)
  if (known) return
  const found = (await api.all(operations.listDers, {})).find((der) => der.mpan === mpan)
  const der =
    found ??
    (await api.call(operations.registerDer, {
      body: { name: unit.name, kind: 'load', mpan, ratedW: unit.turnDownW * ratedPerTurnDown },
    }))
  const body = { name: unit.name, derIds: [der.derId], maxTurnDownW: unit.turnDownW }
  await api.call(operations.registerFlexibleUnit, { body })
}

/** What the plant of a unit is rated for, per W of its turn-down: it never stops altogether. */
const ratedPerTurnDown = 5

/** Bids between the opening of a tender and its gate, s. */
const gateS = 3_600

/** Brings the company's units under contract: by a tender each for product A, and by standing contracts for the others. */
export async function contractUnits(past: Past, joined: JoinedCompany): Promise<void> {
  const { company, calendar, clock, engineer, approver } = past
  const span = { validFrom: calendar.months[0].atDay(1), validTo: calendar.contractsEndOn }
  for (const site of company.sites) if (site.unit.product === 'A') await tenderFor(past, joined, site, span)
  const standing = company.sites.filter(({ unit }) => unit.product === 'C')
  const local = standing.map(({ name, nodeId, unit }) => ({
    name,
    nodeId,
    product: 'C' as const,
    ratedW: unit.turnDownW / standingShare,
    hour: pastWindows.C,
    isForWorkingDays: true,
  }))
  await enterStandingContracts(engineer, approver, local, span)
  clock.jumpTo(clock.now().plusSeconds(gateS))
}

async function tenderFor(
  { clock, engineer, approver }: Past,
  joined: JoinedCompany,
  site: PastSite,
  span: { validFrom: PastCalendar['contractsEndOn']; validTo: PastCalendar['contractsEndOn'] },
): Promise<void> {
  const title = `Evening peak at ${site.name}`
  const found = (await engineer.api.all(operations.listTenders, {})).find((tender) => tender.title === title)
  if (found?.state === 'awarded') return
  // A tender that a stopped start left is withdrawn: the next one has its own gate.
  if (found && found.state !== 'withdrawn')
    await engineer.api.call(operations.withdrawTender, { params: { id: found.tenderId } })
  const { turnDownW, availabilityGbpPerMwH, utilisationGbpPerMwh } = site.unit
  const gateClosesAt: Instant = clock.now().plusSeconds(gateS)
  const id = await publishTender(
    engineer,
    { ...span, gateClosesAt },
    { title, product: 'A', zoneNodeId: site.nodeId, window: { ...pastWindows.A, requiredW: turnDownW } },
  )
  const { fuId } = joined.unitOf(site)
  const offer = { fuId, direction: 'turn-down' as const, turnDownW, availabilityGbpPerMwH, utilisationGbpPerMwh }
  await joined.api.call(operations.respondToTender, { params: { id }, body: { bid: 'offered', offers: [offer] } })
  clock.jumpTo(gateClosesAt.plusSeconds(60))
  await awardTenders(engineer, approver, [id])
}
