/** Outstations over TCP: a port on which one outstation, or several by address, wait for their master. */
import { createServer, type Server, type Socket } from 'node:net'
import type { Runtime, Wire } from '../app/runtime.ts'
import { MAX_REQUEST_OCTETS, type OutstationOptions } from '../outstation/config.ts'
import { Outstation } from '../outstation/outstation.ts'
import type { Session } from '../outstation/session.ts'
import { SELF_ADDRESS } from '../spec/link.ts'
import { newPeer, type Peer, Station } from '../transport/station.ts'
import { runtimeOf } from './runtime.ts'
import { socketWire } from './socket-wire.ts'

/** An outstation without a connection yet; give it to `listenTcpOutstation`. */
export function createOutstation(options: OutstationOptions, runtime: Partial<Runtime> = {}): Outstation {
  return new Outstation(options, runtimeOf(runtime))
}

export interface TcpOutstationOptions {
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 takes a free port. */
  readonly port: number
}

/** A listening port. */
export interface OutstationListener {
  readonly host: string
  readonly port: number
  /** Closes the port and its connection; resolves when both are gone. */
  close(): Promise<void>
}

/**
 * Listens for a master. A new connection takes the place of the one before: a master that lost its connection must not
 * wait for ours to notice. Rejects if the port cannot be had.
 */
export async function listenTcpOutstation(
  outstations: Outstation | readonly Outstation[],
  options: TcpOutstationOptions,
): Promise<OutstationListener> {
  const all = Array.isArray(outstations) ? (outstations as readonly Outstation[]) : [outstations as Outstation]
  const host = options.host ?? '127.0.0.1'
  let current: Wire | null = null
  const server = createServer({ noDelay: true }, (socket) => {
    current?.close()
    current = serve(all, socket)
  })
  await listening(server, options.port, host)
  const address = server.address()
  return {
    host,
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        current?.close()
      }),
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

interface Seat {
  readonly outstation: Outstation
  peer: Peer | null
  session: Session | null
}

/** One connection: frames by destination to outstations, each with a session once its master has spoken. */
function serve(outstations: readonly Outstation[], socket: Socket): Wire {
  const seats = outstations.map((outstation): Seat => ({ outstation, peer: null, session: null }))
  const station = new Station({
    isMaster: false,
    send: (octets) => wire.send(octets),
    route: (destination, source) => {
      const seat = seats.find(({ outstation }) => answers(outstation, destination))
      return seat === undefined ? undefined : peerOf(seat, source, station)
    },
    broadcastPeers: (source) => seats.map((seat) => peerOf(seat, source, station)).filter((peer) => peer !== undefined),
    counters: (outstations[0] as Outstation).linkCounters,
  })
  const wire = socketWire(socket, {
    opened: () => {},
    received: (chunk) => station.receive(chunk),
    closed: () => {
      for (const seat of seats) seat.session?.close()
    },
  })
  // One that knows its master may speak first.
  for (const seat of seats) {
    const { masterAddress, unsolicited } = seat.outstation.options
    if (masterAddress !== undefined && unsolicited !== undefined) peerOf(seat, masterAddress, station)
  }
  return wire
}

function answers(outstation: Outstation, destination: number): boolean {
  return destination === outstation.address || (destination === SELF_ADDRESS && outstation.options.selfAddress === true)
}

/** The conversation with a master; the first master to speak on a connection is the one it belongs to. */
function peerOf(seat: Seat, source: number, station: Station): Peer | undefined {
  const { outstation } = seat
  const { masterAddress } = outstation.options
  if (masterAddress !== undefined && masterAddress !== source) return undefined
  if (seat.peer !== null) return seat.peer.remote === source ? seat.peer : undefined
  const peer = newPeer(outstation.address, source, MAX_REQUEST_OCTETS, station.counters.transport)
  const session = outstation.openSession((fragment) => station.sendFragment(peer, fragment))
  peer.onFragment = (fragment, broadcast) => session.receive(fragment, broadcast)
  seat.peer = peer
  seat.session = session
  session.open()
  return peer
}
