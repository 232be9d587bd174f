import type { Instant } from '@js-joda/core'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Environment } from '../../platform/db/index.ts'
import { type Listener, listen, safetyHeaders } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { sealedSigningKeys } from '../../platform/oauth/index.ts'
import { createSecretBox, loadSecretKeys, resealColumns } from '../../platform/secrets/index.ts'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { MarketContext } from '../app/context.ts'
import { openFspDatabase } from '../app/database.ts'
import {
  Baselines,
  DeliveryReports,
  DnoApi,
  FlexUnits,
  Instructions,
  Limits,
  openControlDoor,
  type ReceivedInterval,
  Registrar,
  type Site,
  sealedDnoSecret,
  sealedOwnKey,
  siteOf,
} from '../flexibility/index.ts'
import { Forecasts } from '../forecasts/index.ts'
import { LiveReadings, uploadReadings } from '../metering/index.ts'
import { answerTenders, Reliabilities, Schedules, unitDays } from '../offers/index.ts'
import { type DrawnQuarter, Estates } from './meters.ts'
import { assumedShare, estateOffering } from './policy.ts'

export interface HomesFspOptions {
  databaseUrl: string
  environment: Environment
  host: string
  /** Port of its control API and token endpoint; 0 takes any free port. */
  port: number
  /** The DNO's server, without a path. */
  dnoUrl: string
  estates: readonly EstateSeed[]
  /** Seed of what the homes need. */
  seed: number
  secretKeyFile: string
  clock: Clock
  log: Log
}

export interface RunningHomesFsp {
  readonly url: string
  /** Every instruction received, from the FSP's own records. */
  receivedInstructions(): Promise<ReceivedInterval[]>
  /** What each unit drew in the last two days, by FU and epoch ms of the quarter-hour: from the simulated homes, not from messages. */
  drawn(): Map<string, ReadonlyMap<number, DrawnQuarter>>
  close(): Promise<void>
}

/** Who we are. */
const company = {
  companyName: 'Hearth Flexibility Ltd',
  contactName: 'Control desk',
  contactEmail: 'desk@hearth.example',
}

const minuteMs = 60_000
const deskMs = 10 * minuteMs
/** The meters are read out every half-hour, so that the DNO sees a delivery within two settlement periods. */
const readOutMs = 30 * minuteMs

/**
 * Starts an FSP of homes, of another company than the reference FSP: it registers estates with heat pumps, bids in tenders, submits
 * schedules for products B and C, turns heat pumps down, or up to heat water early, as instructed, and uploads what the meters read.
 */
export async function startHomesFsp(options: HomesFspOptions): Promise<RunningHomesFsp> {
  const { clock, log, host, dnoUrl } = options
  const { db, close: closeDatabase } = await openFspDatabase(options)
  const closers: (() => Promise<void>)[] = [closeDatabase]
  const close = async () => {
    for (const step of closers) await step()
  }
  try {
    const listener = await listen({ host, port: options.port, what: 'the homes’ FSP', portSetting: '--homes-port' })
    closers.unshift(() => listener.close(1_000))
    const secrets = createSecretBox(...(await loadSecretKeys(options.secretKeyFile, (sentence) => log.warn(sentence))))
    await resealColumns(db, secrets, [sealedSigningKeys, sealedDnoSecret, sealedOwnKey])
    const context: MarketContext = { db, clock, log, secrets, publicUrl: listener.url, dnoUrl }
    const parts = await composeHomes(context, options)
    const door = await serveDno(context, parts, listener)
    closers.unshift(async () => door.close())
    const timers = startTasks(context, parts, options.estates)
    closers.unshift(async () => {
      for (const timer of timers) timer.cancel()
    })
    log.info({ url: listener.url, estates: options.estates.length }, 'the homes’ FSP started')
    return {
      url: listener.url,
      close,
      receivedInstructions: () => parts.instructions.received(),
      drawn: () => new Map(parts.flexUnits.all.map(({ fuId, depotId }) => [fuId, parts.estates.drawn(depotId)])),
    }
  } catch (error) {
    await close()
    throw error
  }
}

type HomesParts = Awaited<ReturnType<typeof composeHomes>>

async function composeHomes(context: MarketContext, { estates: seeds, seed }: HomesFspOptions) {
  const sites = seeds.map(siteFrom)
  const estates = new Estates(context, seeds, seed)
  const dno = new DnoApi(context)
  const flexUnits = new FlexUnits(context, dno)
  const registrar = new Registrar(context, dno, { company, sites: () => sites }, flexUnits)
  const baselines = new Baselines(dno, estates)
  // Heat pumps are steered once a minute, so that what changes in between has its effect then.
  const instructions = new Instructions(context, flexUnits, baselines, () => undefined, turnsUp(seeds))
  const limits = new Limits(
    context,
    () => sites,
    () => undefined,
  )
  const liveReadings = new LiveReadings(context, dno, {
    fuIds: () => flexUnits.fuIds(),
    runs: (siteId, at) => instructions.runs(siteId, at),
    powerW: (siteId) => estates.powerW(siteId),
  })
  const deliveryReports = new DeliveryReports(context, {
    dno,
    instructions,
    flexUnits,
    baselines,
    source: { powerW: (siteId) => estates.powerW(siteId), equipment: () => noSockets },
  })
  const forecasts = new Forecasts(context, { assumedShare, charges: async () => [] })
  const offering = estateOffering(seeds)
  const reliabilities = new Reliabilities(dno)
  const dayOf = unitDays({ flexUnits, forecasts, reliabilities, offering })
  const schedules = new Schedules(context, { dno, flexUnits, dayOf })
  await estates.load()
  await flexUnits.load()
  await registrar.load()
  await instructions.load()
  await deliveryReports.load()
  await limits.load()
  return {
    estates,
    dno,
    flexUnits,
    registrar,
    instructions,
    deliveryReports,
    limits,
    liveReadings,
    forecasts,
    offering,
    reliabilities,
    schedules,
  }
}

/** Heat pumps are steered together, and answer by their meter alone. */
const noSockets = { sockets: 0, withoutLink: 0, faulted: 0, pluggedIn: 0 }

/** An estate as a site of the market: all its heat pumps are one DER. */
function siteFrom(estate: EstateSeed): Site {
  const { siteId, name, connectionId, mpan, customer, homes, heatPumpW } = estate
  return {
    depotId: siteId,
    connectionId,
    mpan,
    customer,
    unitName: `${name} homes`,
    der: { name: `${name}: heat pumps of ${homes} homes`, kind: 'load' },
    ratedW: homes * heatPumpW,
    ...(turnsUp([estate])(siteId) ? { maxTurnUpW: homes * heatPumpW } : {}),
  }
}

/** Estates whose heat pumps can heat water early: those that are offered for turn-up. */
function turnsUp(estates: readonly EstateSeed[]): (siteId: string) => boolean {
  const able = new Set(estates.filter(({ direction }) => direction === 'turn-up').map(({ siteId }) => siteId))
  return (siteId) => able.has(siteId)
}

async function serveDno(context: MarketContext, parts: HomesParts, listener: Listener) {
  const door = await openControlDoor(context, parts, listener)
  const site = siteOf(door.api, {
    title: 'Hearth Flexibility, an FSP of homes',
    description: 'The control API for the DNO.',
  })
  listener.use(site.fetch, door.handlers, safetyHeaders(context.publicUrl))
  return door
}

function startTasks(context: MarketContext, parts: HomesParts, seeds: readonly EstateSeed[]): Timer[] {
  const { clock } = context
  const { estates, registrar, flexUnits, dno, instructions, limits, liveReadings, deliveryReports, schedules } = parts
  const upload = (at: Instant) => uploadReadings(context, dno, flexUnits.fuIds(), at)
  let isRegistered = false
  return [
    clock.every('homes: minute', minuteMs, async (at) => {
      estates.play(at)
      if (at.toEpochMilli() % (15 * minuteMs) === 0) await estates.book(at)
      for (const { siteId } of seeds) {
        const target = await instructions.targetAt(siteId, at)
        const capW = target?.way === 'turn-down' ? target.powerW : null
        const caps = [capW, limits.importLimitW(siteId, at)].filter((cap) => cap !== null)
        const floorW = target?.way === 'turn-up' ? target.powerW : null
        estates.steer(siteId, caps.length === 0 ? null : Math.min(...caps), floorW)
      }
    }),
    clock.every('homes: register', minuteMs, async (at) => {
      if (isRegistered) return
      isRegistered = await registrar.proceed()
      if (isRegistered) await upload(at)
    }),
    clock.every('homes: live readings', minuteMs, (at) => liveReadings.run(at)),
    clock.every('homes: delivery', minuteMs, (at) => deliveryReports.run(at)),
    clock.every('homes: read out', readOutMs, upload, { offsetMs: minuteMs }),
    clock.every(
      'homes: desk',
      deskMs,
      async (at) => {
        if (!isRegistered) return
        await answerTenders(context, parts, at)
        await flexUnits.refreshContracts()
        await schedules.submit(at)
      },
      { offsetMs: minuteMs },
    ),
  ]
}
