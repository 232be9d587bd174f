import type { HttpWire } from './http-wire.ts'
import type { TcpWire } from './tcp-wire.ts'

/** The ways to the processes and hubs, which last longer than any of them: addresses are in the databases. */
export interface Wires {
  readonly dno: HttpWire
  /** The gateway's own way to the server. */
  readonly gateway: HttpWire
  readonly fsps: readonly HttpWire[]
  readonly hubs: readonly TcpWire[]
}
