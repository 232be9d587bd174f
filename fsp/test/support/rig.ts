import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Instant } from '@js-joda/core'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { Database } from '../../../platform/db/index.ts'
import { depotAccessOperations } from '../../../schemas/fsp/depot-access.ts'
import { type DepotState, depotOperations } from '../../../schemas/fsp/depot-api.ts'
import type { ChargePointModel, DepotSeed } from '../../../schemas/fsp/depots.ts'
import { registerGroups } from '../../../schemas/fsp/registers/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import { type Answer, type Client, createClient } from '../../../test/support/client.ts'
import { createTestDatabase } from '../../../test/support/database.ts'
import { type FspOptions, keyFrom, type RunningFsp, startFsp } from '../../index.ts'
import { type Proof, TestChargePoint } from './charge-point.ts'
import { startTestDno, type TestDno } from './dno.ts'

const passwordOf = (identity: string) => Buffer.from(keyFrom('the secret of the test', identity), 'hex')

/** Keys of programs, each for its feed. */
export const feedKeys = {
  'site-load': 'a-key-of-the-site-load',
  'meter-history': 'a-key-of-the-history',
  'depot-state': 'a-key-of-the-state',
  deliveries: 'a-key-of-the-deliveries',
}

/** The sys-admin that the rig begins with. */
export const admin = { username: 'admin', password: 'a pass phrase of the rig' }

export const models: ChargePointModel[] = [
  { model: 'single', vendor: 'Alfen', sockets: 1, maxCurrentA: 32, minSetpointGapS: 2, canPause: true },
  { model: 'twin', vendor: 'Alfen', sockets: 2, maxCurrentA: 32, minSetpointGapS: 2, canPause: true },
  { model: 'swarco', vendor: 'Swarco', sockets: 1, maxCurrentA: 32, minSetpointGapS: 5, canPause: true },
  { model: 'legacy', vendor: 'Legacy', sockets: 1, maxCurrentA: 32, minSetpointGapS: 5, canPause: false },
]

/** A depot of 100 kVA: unit 01 is single, 02 a twin, 03 a Swarco, 04 the model that cannot pause. */
export const depot: DepotSeed = {
  depotId: 'yard',
  name: 'Yard',
  customer: 'C',
  address: 'A',
  licenceArea: 'LPN',
  mpan: '1200000112345',
  connectionId: randomUUID(),
  hubId: randomUUID(),
  nodeId: 'lv',
  ascKva: 100,
  powerFactor: 1,
  bufferW: 0,
  evs: 5,
  feeders: [{ feeder: 1, role: 'ev' }],
  building: { dayW: 20_000, nightW: 10_000 },
  chargePoints: ['single', 'twin', 'swarco', 'legacy'].map((model) => ({ model, count: 1, feeder: 1 })),
  profile: { weekday: [{ from: '00:00', limitW: 90_000 }], weekend: [{ from: '00:00', limitW: 90_000 }] },
}

/** An FSP with one depot, its DNO, and a clock that a test moves. */
export interface Rig {
  fsp: RunningFsp
  /** Of the depot. */
  connectionId: string
  dno: TestDno
  db: Database
  clock: SimulatedClock
  /** Lets time pass; those who listen see it pass minute by minute. */
  pass(minutes: number): Promise<void>
  /** A charge point with its own password, unless the test gives it another proof. */
  chargePoint(identity: string, proof?: Proof, ocppUrl?: string): TestChargePoint
  /** The password that a charge point was commissioned with. */
  passwordOf(identity: string): Buffer
  /** Tells the FSP what the site draws now. */
  siteLoad(siteLoadW: number): Promise<Answer>
  /** Leaves a current for the vehicles, A. */
  offer(ampere: number): Promise<void>
  /** A token of somebody, by default the sys-admin: the one that they were given last, for a few minutes. */
  tokenOf(person?: typeof admin): Promise<string>
  /** Calls the depot API as the sys-admin, or with the key of the feed, by default for the depot. */
  depotApi: Client['ask']
  depotState(): Promise<DepotState>
  /** The DNO accepts, and the depot is registered as an FU with a contract for 17:00 to 19:00 every day. */
  register(turnDownW?: number): Promise<string>
  /** The same without a contract. */
  registerFree(): Promise<string>
  /** Enters a service to others in the depot's calendar of flexibility events, as agreed. */
  agree(event: { from: string; to: string; reductionW: number }): Promise<void>
  /** Ends the FSP and starts it again beside the same database. */
  restart(change?: Partial<FspOptions>): Promise<void>
}

/**
 * @param start by default a Thursday in winter, at noon.
 * @param whenDone calls back when the rig is no longer needed: by default after the test.
 */
export async function startRig(
  start = '2026-01-15T12:00:00Z',
  options: Partial<FspOptions> = {},
  whenDone: (close: () => Promise<void>) => void = onTestFinished,
): Promise<Rig> {
  const [{ url, db }, dno] = [await createTestDatabase('fsp'), await startTestDno()]
  const clock = new SimulatedClock(Instant.parse(start))
  const folder = await mkdtemp(join(tmpdir(), 'ringmain-fsp-'))
  const chargePoints: TestChargePoint[] = []
  const start_ = (change: Partial<FspOptions> = {}) =>
    startFsp({
      databaseUrl: url,
      host: '127.0.0.1',
      port: 0,
      ocppPort: 0,
      firstKeys: (identity) => passwordOf(identity).toString('hex'),
      dnoUrl: dno.url,
      first: { depots: [depot], models },
      environment: 'live',
      feedKeys,
      firstPassword: admin.password,
      secretKeyFile: join(folder, 'key'),
      clock,
      log: pino({ level: 'silent' }),
      ...options,
      ...change,
    })
  let fsp = await start_()
  whenDone(async () => {
    await Promise.all(chargePoints.map((each) => each.hangUp()))
    await fsp.close()
    await dno.close()
    await rm(folder, { recursive: true })
  })
  // A restart takes another port.
  const depotApi: Client['ask'] = async (stated, call, headers) => {
    const depotAccess = typeof stated.access === 'object' ? stated.access.depot : undefined
    // Where people and programs may both call, the sys-admin does.
    const feed = depotAccess?.people.length === 0 ? depotAccess.feed : undefined
    const token = feed ? feedKeys[feed] : await rig.tokenOf()
    const client = createClient(fsp.url, { authorization: `Bearer ${token}` })
    return client.ask(stated, { params: { depotId: 'yard' }, ...call }, headers)
  }
  const rig: Rig = {
    tokenOf: keptTokens(clock, () => fsp.url),
    get fsp() {
      return fsp
    },
    dno,
    db,
    clock,
    depotApi,
    depotState: async () => (await depotApi(depotOperations.readDepot)).body,
    connectionId: depot.connectionId,
    pass: (minutes) => clock.advanceTo(clock.now().plusSeconds(minutes * 60)),
    passwordOf,
    chargePoint(identity, proof = { password: passwordOf(identity) }, ocppUrl = fsp.ocppUrl) {
      const made = new TestChargePoint(ocppUrl, identity, clock, proof)
      chargePoints.push(made)
      return made
    },
    siteLoad: (siteLoadW) => {
      const readings = [{ at: clock.now().toString(), siteLoadW }]
      return depotApi(depotOperations.takeSiteLoad, { body: { readings } })
    },
    async offer(ampere) {
      // The profile's limit less the building's load is what is left for the vehicles.
      const { sockets } = await rig.depotState()
      const evLoadW = sockets.reduce((sum, { powerW }) => sum + (powerW ?? 0), 0)
      await rig.siteLoad(90_000 - ampere * 230 + evLoadW)
      await clock.advanceTo(clock.now())
    },
    async registerFree() {
      dno.decision = 'accepted'
      await rig.pass(2)
      return dno.fuIdOf('Yard')
    },
    async agree(event) {
      const data = { depotId: 'yard', name: 'DFS', state: 'agreed', ...event }
      const call = { params: { key: 'dfs' }, body: { data }, version: null }
      const made = await depotApi(registerGroups.flexibilityEvents.put, call)
      if (made.status >= 300) throw new Error(`not entered: ${JSON.stringify(made.body)}`)
    },
    async register(turnDownW = 20_000) {
      const fuId = await rig.registerFree()
      dno.contracts = [contractOf(fuId, turnDownW)]
      return fuId
    },
    async restart(change = {}) {
      await fsp.close()
      fsp = await start_(change)
    },
  }
  return rig
}

/** Tokens are kept for so long; sessions end after longer. */
const tokenMinutes = 5

/** Logs people in and keeps their tokens for a while: to check a password takes a fifth of a second of a core, as it has to. */
export function keptTokens(clock: SimulatedClock, fspUrl: () => string): Rig['tokenOf'] {
  const kept = new Map<string, { token: Promise<string>; until: Instant }>()
  return (person = admin) => {
    const key = JSON.stringify([fspUrl(), person])
    const before = kept.get(key)
    if (before?.until.isAfter(clock.now())) return before.token
    const token = logIn(fspUrl(), person)
    kept.set(key, { token, until: clock.now().plusSeconds(tokenMinutes * 60) })
    return token
  }
}

/** A new session of somebody, by default the sys-admin. */
export async function logIn(fspUrl: string, as = admin): Promise<string> {
  const { body } = await createClient(fspUrl).ask(depotAccessOperations.logIn, { body: as })
  return body.token
}

/** A contract for product A from 17:00 to 19:00 on every day of the year, but for what the test changes. */
export function contractOf(fuId: string, turnDownW: number, change: Partial<Contract> = {}): Contract {
  return {
    contractId: randomUUID(),
    tenderId: randomUUID(),
    fspId: randomUUID(),
    fspName: 'F',
    fuId,
    fuName: 'Yard',
    product: 'A',
    direction: 'turn-down',
    turnDownW,
    availabilityGbpPerMwH: '18.00',
    utilisationGbpPerMwh: '320.00',
    validFrom: '2026-01-01',
    validTo: '2026-12-31',
    baselineMethod: 'recent-history',
    baselineFallback: 'nominated',
    reference: null,
    windows: [
      {
        weekdays: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
        from: '17:00',
        to: '19:00',
        requiredW: 1_000_000,
      },
    ],
    awardedAt: '2026-01-01T00:00:00Z',
    awardedBy: 'p',
    releasedDays: [],
    ...change,
  }
}
