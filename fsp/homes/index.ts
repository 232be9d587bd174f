import type { Instant } from '@js-joda/core'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Environment } from '../../platform/db/index.ts'
import { type Listener, listen, safetyHeaders } from '../../platform/http/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { sealedSigningKeys } from '../../platform/oauth/index.ts'
import { createSecretBox, loadSecretKeys, resealColumns } from '../../platform/secrets/index.ts'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { DepotHistory } from '../../schemas/fsp/simulation.ts'
import type { FirstAccess } from '../access/index.ts'
import type { FspContext } from '../app/context.ts'
import { openFspDatabase } from '../app/database.ts'
import { type OcppPort, socketW, startCentralSystem } from '../chargepoints/index.ts'
import { Earnings, earningsApi } from '../earnings/index.ts'
import { sealedFeedSecret } from '../feeds/index.ts'
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
  ServiceWatch,
  type Site,
  sealedDnoSecret,
  sealedOwnKey,
  siteOf,
} from '../flexibility/index.ts'
import { Forecasts } from '../forecasts/index.ts'
import { LiveReadings, uploadReadings } from '../metering/index.ts'
import { answerTenders, Choices, marketApi, Reliabilities, Schedules, unitDays } from '../offers/index.ts'
import { depotsOf, type FirstRegisters, Registers, takeOver } from '../registers/index.ts'
import { driverPage, sealedDriverPerson } from '../vans/index.ts'
import { type DrawnQuarter, Estates } from './meters.ts'
import { assumedShare, estateOffering } from './policy.ts'
import { serveVans } from './van-apis.ts'
import { homesOffering, pastCharges, vanOffering, vanReliabilities } from './van-offering.ts'
import { vanSites } from './van-sites.ts'
import { composeVans, type VanParts, windowIn } from './vans.ts'

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
  /** Vans that charge at homes, beside the estates; without them there are none, and no port for charge points. */
  vans?: VanOptions
}

/** What the vans begin with; from then on the database decides. */
export interface VanOptions extends Omit<FirstAccess, 'environment'> {
  first: FirstRegisters
  /** Port for the charge points; 0 takes any free port. */
  ocppPort: number
  ocppTls?: OcppPort['tls']
  isPlainOcppAllowed?: boolean
  /** AuthorizationKeys, in hexadecimal, of charge points that have none yet. */
  firstKeys?: (identity: string) => string
}

export interface RunningHomesFsp {
  readonly url: string
  /** Address to which charge points append their identity; `null`: it has no port for them. */
  readonly ocppUrl: string | null
  /** Every instruction received, from the FSP's own records. */
  receivedInstructions(): Promise<ReceivedInterval[]>
  /** What each estate drew in the last two days, by FU and epoch ms of the quarter-hour: from the simulated homes, not from messages. */
  drawn(): Map<string, ReadonlyMap<number, DrawnQuarter>>
  /** FA04: accepts the meter history of a past day of a unit of homes and passes it on to the DNO. A repeat changes nothing. */
  importHistory(history: DepotHistory): Promise<void>
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
    await resealColumns(db, secrets, sealedColumns)
    const registers = new Registers({ db, clock })
    await registers.load()
    if (options.vans) await takeOver({ db, clock }, registers, options.vans.first)
    const context: FspContext = {
      db,
      clock,
      log,
      secrets,
      registers,
      publicUrl: listener.url,
      dnoUrl,
      get depots() {
        return depotsOf(registers.now())
      },
    }
    const parts = await composeHomes(context, options)
    const door = await serveDno(context, parts, listener)
    closers.unshift(async () => door.close())
    const central = options.vans ? await openOcpp(context, parts.vans, options.vans, host) : null
    closers.unshift(async () => central?.close())
    const timers = [...startTasks(context, parts, options.estates), ...startVanTasks(context, parts.vans)]
    closers.unshift(async () => {
      for (const timer of timers) timer.cancel()
      parts.vans.close()
    })
    log.info({ url: listener.url, estates: options.estates.length }, 'the homes’ FSP started')
    return {
      url: listener.url,
      ocppUrl: central?.url ?? null,
      close,
      receivedInstructions: () => parts.instructions.received(),
      drawn: () =>
        new Map(
          options.estates.flatMap(({ siteId }) => {
            const unit = parts.flexUnits.ofDepot(siteId)
            return unit ? [[unit.fuId, parts.estates.drawn(siteId)]] : []
          }),
        ),
      importHistory: (history) => parts.vans.metering.importHistory(history),
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Every column of sealed secrets in its database. */
const sealedColumns = [sealedSigningKeys, sealedDnoSecret, sealedOwnKey, sealedFeedSecret, sealedDriverPerson]

function openOcpp(context: FspContext, vans: VanParts, options: VanOptions, host: string) {
  const { ocppPort: port, ocppTls: tls, isPlainOcppAllowed: isPlainAllowed = false } = options
  return startCentralSystem(context, vans, { host, port, isPlainAllowed, ...(tls ? { tls } : {}) })
}

type HomesParts = Awaited<ReturnType<typeof composeHomes>>

async function composeHomes(context: FspContext, { estates: seeds, seed, vans: first, environment }: HomesFspOptions) {
  const ownSites = seeds.map(siteFrom)
  const sites = () => [...ownSites, ...vanSites(context.registers.now(), ratedOf)]
  const ratedOf = (identity: string) => {
    const unit = vans.units.find(identity)
    return unit ? socketW(unit.model) : 0
  }
  const estates = new Estates(context, seeds, seed)
  const dno = new DnoApi(context)
  const flexUnits = new FlexUnits(context, dno)
  const registrar = new Registrar(context, dno, { company, sites }, flexUnits)
  const baselines = new Baselines(dno, estates)
  // Heat pumps are steered once a minute, so that what changes in between has its effect then.
  const onInstruction = (depotId: string) => {
    if (context.registers.now().homeUnits.has(depotId)) vans.controller.runSoon(depotId)
  }
  const instructions = new Instructions(context, flexUnits, baselines, onInstruction, turnsUp(seeds))
  const limits = new Limits(context, sites, () => undefined)
  const liveReadings = new LiveReadings(context, dno, {
    fuIds: () => flexUnits.fuIds(),
    runs: (siteId, at) => instructions.runs(siteId, at),
    powerW: (siteId, at) => estates.powerW(siteId) ?? vans.units.meteredW(siteId, at.toEpochMilli()),
  })
  const equipment = (siteId: string) =>
    context.registers.now().homeUnits.has(siteId) ? vans.units.equipment(siteId) : noSockets
  const deliveryReports = new DeliveryReports(context, {
    dno,
    instructions,
    flexUnits,
    baselines,
    source: {
      powerW: (siteId, at) => estates.powerW(siteId) ?? vans.units.meteredW(siteId, at.toEpochMilli()),
      equipment,
    },
  })
  const serviceWatch = new ServiceWatch(context, flexUnits, equipment)
  const earnings = new Earnings(context, { dno, flexUnits, tariffSites: () => [] })
  const isVans = (siteId: string) => context.registers.now().homeUnits.has(siteId)
  const forecasts = new Forecasts(context, {
    assumedShare,
    charges: async (siteId, since) => (isVans(siteId) ? pastCharges(context, vans.units, siteId, since) : []),
  })
  const offering = homesOffering(
    estateOffering(seeds),
    vanOffering(context, () => vans),
    isVans,
  )
  const reliabilities = vanReliabilities(new Reliabilities(dno), flexUnits, isVans, () => vans.responses)
  const dayOf = unitDays({ flexUnits, forecasts, reliabilities, offering })
  const schedules = new Schedules(context, { dno, flexUnits, dayOf })
  const choices = new Choices(context, { dno, flexUnits })
  await estates.load()
  await flexUnits.load()
  await registrar.load()
  await instructions.load()
  await deliveryReports.load()
  await limits.load()
  const vans: VanParts = await composeVans(
    context,
    { ...first, environment },
    {
      capW: (depotId, at) => instructions.capW(depotId, at),
      windowAt: (depotId, at) => windowIn(instructions.pending(), depotId, at),
    },
  )
  return {
    vans,
    isKnown: (siteId: string) => sites().some(({ depotId }) => depotId === siteId),
    estates,
    dno,
    flexUnits,
    registrar,
    instructions,
    deliveryReports,
    serviceWatch,
    earnings,
    limits,
    liveReadings,
    forecasts,
    offering,
    reliabilities,
    schedules,
    choices,
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

async function serveDno(context: FspContext, parts: HomesParts, listener: Listener) {
  const door = await openControlDoor(context, parts, listener)
  serveVans(context, parts.vans, door.api)
  const entrance = parts.vans.access.entrance()
  door.api.route('/', marketApi(context, parts, entrance))
  door.api.route('/', earningsApi(parts.earnings, entrance))
  const site = siteOf(door.api, {
    title: 'Hearth Flexibility, an FSP of homes',
    description: 'The control API for the DNO, the vans at homes and their drivers.',
  })
  site.route('/', driverPage())
  listener.use(site.fetch, door.handlers, safetyHeaders(context.publicUrl))
  return door
}

function startTasks(context: FspContext, parts: HomesParts, seeds: readonly EstateSeed[]): Timer[] {
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
    clock.every('homes: delivery', minuteMs, async (at) => {
      await deliveryReports.run(at)
      await parts.serviceWatch.run(at)
    }),
    clock.every('homes: read out', readOutMs, upload, { offsetMs: minuteMs }),
    clock.every(
      'homes: desk',
      deskMs,
      async (at) => {
        if (!isRegistered) return
        await flexUnits.pushService()
        await answerTenders(context, parts, at)
        await flexUnits.refreshContracts()
        await schedules.submit(at)
        await parts.choices.read(at)
      },
      { offsetMs: minuteMs },
    ),
  ]
}

const settleMs = minuteMs
const meteringMs = 15 * minuteMs
const purgeMs = 24 * 60 * minuteMs

/** The periodic tasks of the vans. Each waits for everything that it triggers. */
function startVanTasks({ clock }: FspContext, vans: VanParts): Timer[] {
  return [
    clock.every('vans: purge', purgeMs, (at) => vans.purge(at)),
    clock.every('vans: feeds', minuteMs, (at) => vans.feeds.run(at)),
    clock.every('vans: minute', minuteMs, (at) => vans.minute(at)),
    // Meter values at the end of a period need a moment to arrive; later ones still correct it.
    clock.every('vans: meter', meteringMs, (at) => vans.metering.compute(at), { offsetMs: settleMs }),
  ]
}
