import type { LocalDate } from '@js-joda/core'
import { saveClient } from '../../server/access/index.ts'
import { saveConnection, saveHub, saveProfile } from '../../server/grid/index.ts'
import { depots, feeder, gatewayClient, integrityPollS, lastDayOf } from './area.ts'
import { limitsOf } from './planners.ts'
import type { TcpWire } from './tcp-wire.ts'
import type { World } from './world.ts'

/**
 * The depots with their agreed limits and hubs, and the gateway's client. What was agreed with the first goes on; with the second it ends the
 * evening before the day.
 */
export async function registerField(world: World, day: LocalDate, wires: readonly TcpWire[]): Promise<void> {
  const { db, clock } = world.server.context
  for (const [n, { connectionId, name, mpan, nodeId, hub, hubId, hubAddress }] of depots.entries()) {
    const port = wires[n]?.port
    if (port === undefined) throw new Error(`there is no way to ${hub}`)
    const site = { name, customer: `Customer of ${name}`, address: `${name} Yard`, licenceArea: 'LPN', nodeId }
    await saveConnection(db, { connectionId, ...site, ascKva: 200, powerFactor: 1, mpans: [mpan] })
    await saveProfile(db, {
      connectionId,
      version: 1,
      state: 'approved',
      validFrom: day.minusDays(30),
      validTo: n === 0 ? lastDayOf(day) : day.minusDays(1),
      fallbackLimitW: 80_000,
      limits: limitsOf(alternately(150_000, 90_000)),
    })
    await saveHub(db, clock.now(), {
      hubId,
      name: `Hub of ${name}`,
      connectionId,
      nodeId: null,
      host: '127.0.0.1',
      port,
      localAddress: 1,
      remoteAddress: hubAddress,
      integrityPollS,
      gatewayId: gatewayClient.clientId,
      feeders: [{ feeder, role: 'building', connectionId }],
    })
  }
  const { clientId, clientSecret: secret } = gatewayClient
  await saveClient(db, {
    clientId,
    kind: 'gateway',
    subjectId: clientId,
    scopes: ['gateway'],
    active: true,
    authentication: { method: 'client_secret_basic', secret },
  })
}

function alternately(oneW: number, otherW: number): () => number {
  let n = 0
  return () => (n++ % 2 === 0 ? oneW : otherW)
}
