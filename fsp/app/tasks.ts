import type { Timer } from '../../platform/clock/index.ts'
import { sendNotices } from '../alarms/index.ts'
import { endDoubted } from '../chargepoints/index.ts'
import { uploadReadings } from '../metering/index.ts'
import { answerTenders } from '../offers/index.ts'
import type { FspContext } from './context.ts'
import type { FspParts } from './parts.ts'

const minuteMs = 60_000
/** Meter values at the end of a period need a moment to arrive; later ones still correct it. */
const settleMs = minuteMs
const meteringMs = 15 * minuteMs
const marketMs = 2 * minuteMs
/** A forecast moves with each quarter-hour that is metered; gates close on quarter-hours. */
const schedulesMs = 5 * minuteMs
/** Runs of the DNO follow its ticks, of which there is one a quarter-hour at most. */
const choicesMs = 15 * minuteMs
const purgeMs = 24 * 60 * minuteMs

/** The FSP's periodic tasks. Each waits for everything that it triggers. */
export function startTasks(context: FspContext, parts: FspParts): Timer[] {
  const { clock } = context
  const { controller, metering, securityEvents, access, siteMonitors, feeds, feederLoads } = parts
  return [
    clock.every('fsp: purge', purgeMs, async (at) => {
      await securityEvents.purge(at)
      await access.sessions.purge(at)
      await siteMonitors.purge(at)
      await parts.recorder.purge(at)
      await parts.readings.purge(at)
      await parts.injected.purge(at)
      await feeds.purge(at)
      await feederLoads.purge(at)
      await parts.routeFigures.purge(at)
    }),
    clock.every('fsp: feeds', minuteMs, (at) => feeds.run(at)),
    clock.every('fsp: plan', minuteMs, (at) => parts.energyPlans.refresh(at)),
    clock.every('fsp: decide', minuteMs, async (at) => {
      await endDoubted(parts, at)
      await controller.runAll(at)
      await parts.emergencies.hold(parts.setpoints)
      await parts.foreignLimits.check(at)
      await parts.recorder.record(at)
    }),
    clock.every('fsp: alarms', minuteMs, async (at) => {
      await parts.ingestion.note(at)
      await parts.watch.run(at)
      await sendNotices(context)
    }),
    parts.commissioning.startTimer(),
    clock.every('fsp: meter', meteringMs, (at) => metering.compute(at), { offsetMs: settleMs }),
    ...(context.dnoUrl === null ? [] : marketTasks(context, parts)),
  ]
}

/** What an FSP with a DNO does besides. */
function marketTasks(context: FspContext, parts: FspParts): Timer[] {
  const { clock } = context
  const {
    areas,
    agreedProfiles,
    deliveryReports,
    liveReadings,
    registrar,
    serviceWatch,
    flexUnits,
    dno,
    siteMonitors,
  } = parts
  return [
    clock.every('fsp: register', minuteMs, async () => {
      await registrar.proceed()
    }),
    clock.every('fsp: upload', minuteMs, async (at) => {
      await uploadReadings(context, dno, flexUnits.fuIds(), at)
    }),
    clock.every('fsp: site load', minuteMs, (at) => siteMonitors.run(at)),
    clock.every('fsp: live readings', minuteMs, (at) => liveReadings.run(at)),
    clock.every('fsp: delivery', minuteMs, async (at) => {
      await deliveryReports.run(at)
      await serviceWatch.run(at)
    }),
    clock.every('fsp: profiles', minuteMs, async (at) => {
      if (flexUnits.all.length > 0) await agreedProfiles.refresh(at)
    }),
    clock.every('fsp: market', marketMs, async (at) => {
      if (flexUnits.all.length === 0) return
      await areas.refresh(at)
      await flexUnits.pushService()
      await answerTenders(context, parts, at)
      await flexUnits.refreshContracts()
    }),
    clock.every(
      'fsp: schedules',
      schedulesMs,
      async (at) => {
        if (flexUnits.all.length > 0) await parts.schedules.submit(at)
      },
      { offsetMs: minuteMs },
    ),
    clock.every(
      'fsp: choices',
      choicesMs,
      async (at) => {
        if (flexUnits.all.length > 0) await parts.choices.read(at)
      },
      { offsetMs: 3 * minuteMs },
    ),
  ]
}
