import type { Instant } from '@js-joda/core'
import { Duration } from '@js-joda/core'
import { SimulatedClock, type Timer } from '../../../platform/clock/index.ts'
import { operations } from '../../../schemas/operations.ts'
import type { PastSite } from '../../../seeds/lived-in/northbank.ts'
import { saveClient } from '../../../server/access/index.ts'
import { gridJobs } from '../../../server/grid/index.ts'
import { clientAt, type Past } from './company.ts'

const minuteS = 60

/** Silence after which a monitor counts as failed, min, and the minutes until the alarm is there for certain. */
const [timeoutMinutes, silentMinutes] = [5, 7]

/** Loads of an evening on which a site exceeds its limit, as shares of it, for so many minutes each. */
const evening = [
  { minutes: 3, share: 0.8 },
  { minutes: 12, share: 1.18 },
  { minutes: 5, share: 0.75 },
] as const

/** Load of the site whose monitor goes quiet, as a share of its limit, and for how long it is heard before, min. */
const before = { minutes: 3, share: 0.6 } as const

/** How long a shelved alarm stays out of sight, days. */
const shelfDays = 6

/**
 * The evening on which a site exceeded its limit, after which its monitor was taken away: the breach is over, and the alarm about the
 * monitor is shelved until the meter operator's visit. Nothing happens twice.
 */
export async function breachEvening(past: Past, site: PastSite): Promise<void> {
  const { calendar, clock } = past
  const operator = await past.operator()
  const { connectionId } = site
  const known = await operator.api.all(operations.listBreaches, { query: { connectionId } })
  if (known.length > 0) return
  clock.jumpTo(calendar.breachAt)
  const hubId = await listen(past, site, evening)
  const alarm = (await operator.api.all(operations.listAlarms, {})).find(
    ({ source, kind }) => kind === 'communication-failure' && source.id === hubId,
  )
  if (!alarm) throw new Error(`the silence of ${site.name} has raised no alarm`)
  const until = clock.now().plus(Duration.ofDays(shelfDays)).toString()
  const body = { until, reason: 'Meter exchange by the meter operator is booked; the monitor is off until then.' }
  await operator.api.call(operations.shelveAlarm, { params: { id: alarm.alarmId }, body })
}

/** A site whose monitor went quiet a few hours ago: its alarm stands, and nobody has taken it yet. */
export async function quietMonitor(past: Past, site: PastSite): Promise<void> {
  const { calendar, clock } = past
  const operator = await past.operator()
  const hubs = await operator.api.call(operations.listHubs, {})
  if (hubs.some(({ name, communicationFailure }) => name === monitorName(site) && communicationFailure)) return
  clock.jumpTo(calendar.quietAt)
  await listen(past, site, [before])
}

function monitorName({ name }: PastSite): string {
  return `${name} incomer`
}

/**
 * Lets a site's monitor send its load minute by minute while the server watches, and then be silent until the server has noticed. Returns the
 * monitor.
 */
async function listen(
  past: Past,
  site: PastSite,
  phases: readonly { minutes: number; share: number }[],
): Promise<string> {
  const { server, clock } = past
  const { hubId, api } = await monitorOf(past, site)
  const limitW = site.ascKva * 1_000 * site.powerFactor
  // The server's own clock jumps along: were it advanced, its signing keys would be renewed in the middle of the evening.
  const watch = new SimulatedClock(clock.now())
  const timers: Timer[] = gridJobs({ ...server.context, clock: watch }, null)
  const pass = async (minutes: number) => {
    await watch.advanceTo(watch.now().plusSeconds(minutes * minuteS))
    clock.jumpTo(watch.now())
  }
  try {
    // Sequences grow with time, so that an evening that is repeated after a stopped start is not taken for the first.
    let sequence = Math.floor(clock.now().epochSecond() / minuteS) % 2 ** 31
    for (const { minutes, share } of phases)
      for (let minute = 0; minute < minutes; minute++) {
        const readings = [readingOf(limitW * share, clock.now())]
        await api.call(operations.storeMeasurements, { body: { batches: [{ hubId, sequence: sequence++, readings }] } })
        await pass(1)
      }
    await pass(silentMinutes)
  } finally {
    for (const timer of timers) timer.cancel()
  }
  return hubId
}

function readingOf(watts: number, at: Instant) {
  return {
    feeder: 1,
    phase: 'none',
    quantity: 'active-power',
    value: Math.round(watts),
    unit: 'W',
    quality: 'good',
    deviceTime: at.toString(),
    receivedTime: at.toString(),
  } as const
}

/** The monitor of a site, registered on first use, with a secret that every start knows. */
async function monitorOf(past: Past, site: PastSite) {
  const { server, clock, secret } = past
  const operator = await past.operator()
  const name = monitorName(site)
  const hubs = await operator.api.call(operations.listHubs, {})
  const known = hubs.find((hub) => hub.name === name)
  const body = {
    name,
    feeders: [{ feeder: 1, role: 'building' as const }],
    timeoutS: timeoutMinutes * minuteS,
    phases: 'total' as const,
  }
  const params = { id: site.connectionId }
  const hubId = known?.hubId ?? (await operator.api.call(operations.registerMonitor, { params, body })).hubId
  const clientId = `monitor-${hubId}`
  const authentication = { method: 'client_secret_basic' as const, secret }
  await saveClient(
    server.context.db,
    { clientId, kind: 'gateway', subjectId: clientId, authentication, scopes: ['gateway'], active: true },
    { createdAt: clock.now(), expiresAt: null },
  )
  return { hubId, api: clientAt(server, clientId, secret, 'gateway') }
}
