/** Outstations over TCP: a port where one outstation, or several by address, await their master, or a call to the master. */
import type { Socket } from 'node:net'
import type { Runtime, Wire, WireTap } from '../app/runtime.ts'
import { MAX_REQUEST_OCTETS, type OutstationOptions } from '../outstation/config.ts'
import { Outstation } from '../outstation/outstation.ts'
import type { Session } from '../outstation/session.ts'
import { SELF_ADDRESS } from '../spec/link.ts'
import { newPeer, type Peer, Station, type StationTrace } from '../transport/station.ts'
import { type DialOptions, dialSocket, type ListenOptions, listenSockets } from './endpoint.ts'
import { outgoingOctets } from './outbox.ts'
import { Redialer, type RedialOptions } from './redial.ts'
import { runtimeOf } from './runtime.ts'
import { SocketWire } from './socket-wire.ts'

/** An outstation that is not connected yet; pass it to `listenTcpOutstation` or `connectTcpOutstation`. */
export function createOutstation(options: OutstationOptions, runtime: Partial<Runtime> = {}): Outstation {
  return new Outstation(options, runtimeOf(runtime))
}

export interface TcpOutstationOptions extends ListenOptions {
  /** Sees all octets, for captures. */
  readonly tap?: WireTap
  /** Sees frames and fragments, for a live log. */
  readonly trace?: StationTrace
}

/** A listening port. */
export interface OutstationListener {
  readonly host: string
  readonly port: number
  /** Closes the port and its connection; resolves when both are closed. */
  close(): Promise<void>
}

/**
 * Listens for a master. A new connection replaces the one before, so that a master that has lost its connection need not
 * wait until we notice. Rejects if the port is unavailable.
 */
export async function listenTcpOutstation(
  outstations: Outstation | readonly Outstation[],
  options: TcpOutstationOptions,
): Promise<OutstationListener> {
  const all = Array.isArray(outstations) ? (outstations as readonly Outstation[]) : [outstations as Outstation]
  let current: Wire | null = null
  const listening = await listenSockets(options, (socket) => {
    current?.close()
    current = serve(all, socket, options)
  })
  return {
    host: listening.host,
    port: listening.port,
    close: () => {
      const closed = listening.close()
      current?.close()
      return closed
    },
  }
}

export interface TcpOutstationDialOptions extends DialOptions, RedialOptions, Partial<Runtime> {
  readonly trace?: StationTrace
}

/** An outstation that calls its master, as monitors behind a mobile network do. */
export interface OutstationDialer {
  /** Whether it is connected. */
  readonly isUp: boolean
  close(): Promise<void>
}

/**
 * Connects to a master's port, again and again until closed. With `masterAddress` and `unsolicited` set the outstation
 * speaks first, which tells the master who is calling.
 */
export function connectTcpOutstation(
  outstations: Outstation | readonly Outstation[],
  options: TcpOutstationDialOptions,
): OutstationDialer {
  const all = Array.isArray(outstations) ? (outstations as readonly Outstation[]) : [outstations as Outstation]
  return new Redialer(dialSocket(options), runtimeOf(options), options, (wire) =>
    conversation(all, wire, options.trace),
  )
}

/** One accepted connection. */
function serve(outstations: readonly Outstation[], socket: Socket, options: TcpOutstationOptions): Wire {
  const talk = conversation(outstations, () => wire, options.trace)
  const wire: Wire = new SocketWire(socket, talk, options.tap)
  talk.opened()
  return wire
}

interface Seat {
  readonly outstation: Outstation
  peer: Peer | null
  session: Session | null
}

/** Distributes frames by destination to outstations; each has a session once its master has spoken, or once it may speak first. */
function conversation(outstations: readonly Outstation[], wire: () => Wire, trace: StationTrace | undefined) {
  const seats = outstations.map((outstation): Seat => ({ outstation, peer: null, session: null }))
  let line: Wire | null = null
  /** The last peer heard: most connections have only one. */
  let recent: Peer | undefined
  const station = new Station({
    isMaster: false,
    send: (octets) => {
      line ??= wire()
      line.send(octets)
    },
    route: (destination, source) => {
      if (recent?.local === destination && recent.remote === source) return recent
      const seat = seats.find(({ outstation }) => answers(outstation, destination))
      recent = seat === undefined ? undefined : peerOf(seat, source, station)
      return recent
    },
    broadcastPeers: (source) => seats.map((seat) => peerOf(seat, source, station)).filter((peer) => peer !== undefined),
    counters: (outstations[0] as Outstation).linkCounters,
    alloc: outgoingOctets,
    ...(trace === undefined ? {} : { trace }),
  })
  return {
    opened: () => {
      for (const seat of seats) {
        const { masterAddress, unsolicited } = seat.outstation.options
        if (masterAddress !== undefined && unsolicited !== undefined) peerOf(seat, masterAddress, station)
      }
    },
    received: (chunk: Uint8Array) => station.receive(chunk),
    closed: () => {
      for (const seat of seats) seat.session?.close()
    },
  }
}

function answers(outstation: Outstation, destination: number): boolean {
  return destination === outstation.address || (destination === SELF_ADDRESS && outstation.options.selfAddress === true)
}

/** The conversation with a master; a connection belongs to the first master that speaks on it. */
function peerOf(seat: Seat, source: number, station: Station): Peer | undefined {
  const { outstation } = seat
  const { masterAddress } = outstation.options
  if (masterAddress !== undefined && masterAddress !== source) return undefined
  if (seat.peer !== null) return seat.peer.remote === source ? seat.peer : undefined
  const peer = newPeer(outstation.address, source, MAX_REQUEST_OCTETS, station.counters.transport)
  const session = outstation.openSession((fragment) => station.sendFragment(peer, fragment))
  peer.receiver = session
  seat.peer = peer
  seat.session = session
  session.open()
  return peer
}
