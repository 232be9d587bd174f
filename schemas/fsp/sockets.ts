import { z } from 'zod'
import { depotReaders } from '../vocabulary/access.ts'
import { identifier } from '../vocabulary/bounds.ts'
import { operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull } from '../vocabulary/units.ts'
import { chargePointData } from './registers/subjects.ts'

/**
 * State of a socket (domain section 6.2). `full`: its vehicle is connected and takes nothing more, though it is offered current;
 * `finishing`: the charge is over, and the vehicle has not been unplugged.
 */
export const socketState = z.enum([
  'available',
  'preparing',
  'charging',
  'full',
  'finishing',
  'faulted',
  'communications-lost',
])
export type SocketState = z.infer<typeof socketState>

/** A token that was shown, and what the register of vehicles says of it. */
const shownToken = z.object({
  idTag: z.string(),
  /** The vehicle that the token is registered for; `null`: it is not identified. */
  registration: z.string().nullable(),
})

/** A socket at which a token is in use too. */
const otherSocket = z.object({ identity: z.string(), connector: z.number().int() })

/** A socket with the newest of each of its measures, each with its own time (H1d). */
export const socketView = z
  .object({
    identity: z.string(),
    connector: z.number().int(),
    model: z.string(),
    vendor: z.string(),
    feeder: z.number().int(),
    /** The site controller through which it is reached; `null`: none. */
    controller: z.string().nullable(),
    state: socketState,
    /** Whether its charge point has a link now. An idle one without a link is no fault. */
    connected: z.boolean(),
    /** When its charge point was last heard; `null`: never since this program started. */
    lastHeardAt: instantOrNull,
    /** The status in the charge point's own words, and when it took it on; `null`: it never stated one. */
    status: z.string().nullable(),
    statusAt: instantOrNull,
    /** What is wrong with it, in the charge point's own words; `null`: nothing. */
    fault: z.object({ errorCode: z.string(), detail: z.string().nullable() }).nullable(),
    /** `null`: its power is not known. */
    powerW: z.number().nullable(),
    powerAt: instantOrNull,
    /** Acknowledged by the unit; `null` if it has none of ours. */
    setpointA: z.number().nullable(),
    setpointAt: instantOrNull,
    setpointValidTo: instantOrNull,
    /** The vehicle that is plugged in, as far as its token tells; it stays known from its charge until it is unplugged. */
    vehicle: shownToken
      .extend({
        /** When its token was shown; `null`: that did not reach us, and the charge began with it all the same. */
        authorisedAt: instantOrNull,
      })
      .nullable(),
    transaction: shownToken
      .extend({
        transactionId: z.number().int(),
        since: instant,
        energyWh: z.number(),
        /** Other sockets that charge with the same token: a warning to resolve (DDB09, DDB10). */
        alsoAt: z.array(otherSocket),
      })
      .nullable(),
  })
  .meta({ id: 'DepotSocket' })
export type SocketView = z.infer<typeof socketView>

/** A charge point with its sockets. */
const chargePointView = z.object({
  identity: z.string(),
  model: z.string(),
  vendor: z.string(),
  /** As it introduced itself; `null`: never, or without it. */
  firmware: z.string().nullable(),
  route: chargePointData.shape.route,
  backOffice: z.string().nullable(),
  feeder: z.number().int(),
  connected: z.boolean(),
  lastHeardAt: instantOrNull,
  /** The token that was last shown at its reader, whether or not a charge followed; OCPP 1.6 does not say for which socket. */
  lastToken: shownToken.extend({ at: instant, isAccepted: z.boolean() }).nullable(),
  sockets: z.array(socketView),
})

/** The charge points behind one site controller; `controller` is `null` for those that are reached without one. */
export const controllerView = z
  .object({ controller: z.string().nullable(), chargePoints: z.array(chargePointView) })
  .meta({ id: 'DepotController' })
export type ControllerView = z.infer<typeof controllerView>

/** TDB01–05: what stands at a depot, from the site controllers down to the sockets, with what is known of each. */
export const socketOperations = {
  readHierarchy: operation({
    method: 'get',
    path: '/depots/{depotId}/hierarchy',
    access: depotReaders,
    tags: ['Depots'],
    summary: 'Site controllers, their charge points, and the sockets of these, with the state of each',
    params: z.object({ depotId: identifier }),
    answer: z.array(controllerView),
    problems: ['not-found'],
  }),
}
