/** Masters over TCP: channels that connect to an outstation's port. */
import { connect, type Socket } from 'node:net'
import type { Dial, Runtime, WireTap } from '../app/runtime.ts'
import { type ChannelOptions, MasterChannel } from '../master/channel.ts'
import { DNP3_PORT } from './port.ts'
import { runtimeOf } from './runtime.ts'
import { socketWire } from './socket-wire.ts'

export interface TcpMasterOptions extends ChannelOptions, Partial<Runtime> {
  readonly host: string
  /** Default 20000, the port registered for DNP3. */
  readonly port?: number
  /** How long a connection attempt may take, in real ms; default 10,000. */
  readonly connectTimeoutMs?: number
  /** Sees all octets, for captures. */
  readonly tap?: WireTap
}

/** A channel to `host:port` that starts to connect at once and reconnects until it is closed. */
export function connectTcpMaster(options: TcpMasterOptions): MasterChannel {
  return new MasterChannel(tcpDial(options), runtimeOf(options), options).open()
}

/** Dials by TCP. */
export function tcpDial(options: TcpMasterOptions): Dial {
  const { host, port = DNP3_PORT, connectTimeoutMs = 10_000 } = options
  return (handlers) => {
    const socket = connect({ host, port, noDelay: true, keepAlive: true })
    const stop = limitConnect(socket, connectTimeoutMs)
    socket.once('connect', () => {
      stop()
      handlers.opened()
    })
    socket.once('close', stop)
    return socketWire(socket, handlers, options.tap)
  }
}

function limitConnect(socket: Socket, ms: number): () => void {
  const timer = setTimeout(() => socket.destroy(new Error(`no connection within ${ms} ms`)), ms)
  return () => clearTimeout(timer)
}
