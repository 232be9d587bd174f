import type { Instant } from '@js-joda/core'
import type { Timer } from '../../platform/clock/index.ts'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import type { FspContext } from '../app/context.ts'
import { uploadReadings } from '../metering/index.ts'
import { answerTenders } from '../offers/index.ts'
import type { HomesParts } from './parts.ts'
import type { VanParts } from './vans.ts'

const minuteMs = 60_000
const deskMs = 10 * minuteMs
/** The meters are read out every half-hour, so that the DNO sees a delivery within two settlement periods. */
const readOutMs = 30 * minuteMs

/** The periodic tasks of the homes. Each waits for everything that it triggers. */
export function startTasks(context: FspContext, parts: HomesParts, seeds: readonly EstateSeed[]): Timer[] {
  const { clock } = context
  const { estates, registrar, flexUnits, dno, instructions, limits, liveReadings, deliveryReports, schedules } = parts
  const upload = (at: Instant) => uploadReadings(context, dno, flexUnits.fuIds(), at)
  // A unit that comes later and waits for the DNO does not keep the others from the market.
  let isRegistered = flexUnits.all.length > 0
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
      const isDone = await registrar.proceed()
      if (!isDone || isRegistered) return
      isRegistered = true
      await upload(at)
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
        await parts.areas.refresh(at)
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
export function startVanTasks({ clock }: FspContext, vans: VanParts): Timer[] {
  return [
    clock.every('vans: purge', purgeMs, (at) => vans.purge(at)),
    clock.every('vans: feeds', minuteMs, (at) => vans.feeds.run(at)),
    clock.every('vans: minute', minuteMs, (at) => vans.minute(at)),
    // Meter values at the end of a period need a moment to arrive; later ones still correct it.
    clock.every('vans: meter', meteringMs, (at) => vans.metering.compute(at), { offsetMs: settleMs }),
  ]
}
