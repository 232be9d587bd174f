import { Instant } from '@js-joda/core'
import { SimulatedClock } from '../../../platform/clock/index.ts'
import type { DepotSeed } from '../../../schemas/fsp/depots.ts'
import type { Quality, Reading } from '../../../schemas/grid/measurements.ts'
import { operations } from '../../../schemas/operations.ts'
import { hubsOf, readDepots, readPeople, seedPeople, seedServer } from '../../../seeds/index.ts'
import { powers, reading } from '../../../server/grid/test/support/readings.ts'
import type { Client } from '../../../test/support/client.ts'
import { type Portal, startPortal } from './portal.ts'

/** The portal before the seeds’ network, nine depots and people; no measurement has come yet. */
export interface DepotsScene extends Portal {
  depots: readonly DepotSeed[]
  depot(name: string): DepotSeed
  /** Somebody of the seeds, logged in. */
  seeded(username: string): Promise<Client>
  /** The gateway of all eight hubs. */
  gateway: Client
  /** A customer's monitor as its own client. */
  monitor(monitorId: string): Promise<Client>
}

export const gatewayId = 'gateway-1'

/**
 * @param at an instant; the profiles of the seeds hold until 400 days after it.
 * @param longAgo depots that were there 400 days before 10 March 2026, on which their profiles end.
 */
export async function startDepots(at: string, longAgo: readonly string[] = []): Promise<DepotsScene> {
  const people = (await readPeople()).filter(({ roles }) => !roles.includes('fsp-user'))
  const portal = await startPortal(at, { demoAccounts: people })
  // Where there is a hub, the scene has no monitor beside it.
  const depots = (await readDepots()).depots.map(({ monitorId, ...depot }) =>
    depot.hubId === null && monitorId ? { ...depot, monitorId } : depot,
  )
  const secret = 'a long secret of the gateway'
  const ports = new Map(hubsOf(depots).map(({ hubId }, i) => [hubId, 20_000 + i]))
  const places = { host: '127.0.0.1', ports, gatewayId, integrityPollS: 60, monitorSecretOf: () => secret }
  const [early, usual] = [
    depots.filter((d) => longAgo.includes(d.name)),
    depots.filter((d) => !longAgo.includes(d.name)),
  ]
  const before = new SimulatedClock(Instant.parse('2025-02-03T12:00:00Z'))
  await seedServer({ ...portal.context, clock: before }, early, places, secret)
  await seedServer(portal.context, usual, places, secret)
  await seedPeople(portal.context)
  return {
    ...portal,
    depots,
    depot(name) {
      const found = depots.find((depot) => depot.name === name)
      if (!found) throw new Error(`the seeds have no depot ${name}`)
      return found
    },
    async seeded(username) {
      const found = people.find((person) => person.username === username)
      if (!found) throw new Error(`the seeds have nobody of the name ${username}`)
      return portal.account(found)
    },
    gateway: await portal.tokenClient(gatewayId, secret, 'gateway'),
    monitor: (monitorId) => portal.tokenClient(`monitor-${monitorId}`, secret, 'gateway'),
  }
}

/** What all hubs measure, minute by minute. */
export interface Metering {
  /**
   * Sends a batch of each hub as of now, and lets a minute pass; so on until a time of the virtual day. `importW` says what a depot imports
   * at a minute, `null` for a hub that is silent.
   */
  passTo(time: string, importW: (depot: DepotSeed, time: string) => number | null): Promise<void>
  /** Sends readings of one hub. */
  send(hubId: string, readings: Reading[]): Promise<void>
}

export async function startMetering({ gateway, monitor, clock, depots }: DepotsScene): Promise<Metering> {
  const sequences = new Map<string, number>()
  const { body } = await gateway.ask(operations.readAssignment)
  for (const { hubId, storedSequence } of body.hubs) sequences.set(hubId, storedSequence)
  const post = async (client: Client, given: { hubId: string; readings: Reading[] }[]) => {
    const batches = given.map(({ hubId, readings }) => {
      const sequence = (sequences.get(hubId) ?? 0) + 1
      sequences.set(hubId, sequence)
      return { hubId, sequence, readings }
    })
    await ok(client.ask(operations.storeMeasurements, { body: { batches } }))
  }
  return {
    async passTo(time, importW) {
      while (clock.now().toString().slice(11, 16) < time) {
        const now = clock.now()
        // So that its lease does not end.
        await gateway.ask(operations.readAssignment)
        const batches = depots.flatMap((depot) => {
          const { hubId } = depot
          const watts = importW(depot, now.toString().slice(11, 16))
          const quality: { quality: Quality } = { quality: depot.name === 'Premier Park' ? 'derived' : 'good' }
          if (watts === null || hubId === null) return []
          const rest = depot.restOfNode ? restOf(depot.restOfNode, now) : []
          return [{ hubId, readings: [...powers(feedersW(depot, watts), now, quality), ...rest] }]
        })
        await post(gateway, batches)
        for (const depot of depots) {
          const watts = importW(depot, now.toString().slice(11, 16))
          if (watts === null || depot.monitorId === undefined) continue
          const readings = [reading(1, 'none', 'active-power', watts, now)]
          await post(await monitor(depot.monitorId), [{ hubId: depot.monitorId, readings }])
        }
        await clock.advanceTo(now.plusSeconds(60))
      }
    },
    send: (hubId, readings) => post(gateway, [{ hubId, readings }]),
  }
}

/** The rest of a substation, the same all day. */
function restOf({ feeder, nightW }: NonNullable<DepotSeed['restOfNode']>, at: Instant): Reading[] {
  return (['L1', 'L2', 'L3'] as const).map((phase) => reading(feeder, phase, 'active-power', nightW / 3, at))
}

/** An import as its feeders share it: the first has the building. */
function feedersW({ feeders, building }: DepotSeed, importW: number): number[] {
  const [first, others] = [Math.min(building.nightW, importW), feeders.length - 1]
  return [first, ...Array.from({ length: others }, () => (importW - first) / others)]
}

/** Voltages, currents and a doubtful temperature, as a monitor has them beside its powers. */
export function otherReadings({ clock }: Pick<DepotsScene, 'clock'>): Reading[] {
  const at = clock.now().minusSeconds(20)
  const phases = ['L1', 'L2', 'L3'] as const
  return [
    ...phases.map((phase) => reading(1, phase, 'voltage', 238.4, at)),
    ...phases.map((phase) => reading(1, phase, 'current', 92.7, at)),
    reading(0, 'none', 'temperature', 31.5, at, { quality: 'questionable' }),
  ]
}

/** The body of an answer that must be a good one. */
// biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it
export async function ok(answer: Promise<{ status: number; body: any }>): Promise<any> {
  const { status, body } = await answer
  if (status !== 200 && status !== 204) throw new Error(`${status} ${JSON.stringify(body)}`)
  return body
}
