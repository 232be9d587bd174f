/** Masters over TCP: channels that connect to an outstation's port. */
import type { Runtime } from '../app/runtime.ts'
import { type ChannelOptions, MasterChannel } from '../master/channel.ts'
import { type DialOptions, dialSocket } from './endpoint.ts'
import { DNP3_PORT } from './port.ts'
import { runtimeOf } from './runtime.ts'

export interface TcpMasterOptions extends ChannelOptions, Omit<DialOptions, 'port'>, Partial<Runtime> {
  /** Default 20000, the port registered for DNP3. */
  readonly port?: number
}

/** A channel to `host:port` that connects at once and reconnects until it is closed. */
export function connectTcpMaster(options: TcpMasterOptions): MasterChannel {
  const { port = DNP3_PORT } = options
  return new MasterChannel(dialSocket({ ...options, port }), runtimeOf(options), options).open()
}
