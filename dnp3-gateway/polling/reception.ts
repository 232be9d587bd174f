import { messageOf, StartupError } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { HubAssignment } from '../../schemas/grid/gateway.ts'
import {
  type Association,
  type AssociationOptions,
  type Caller,
  type ChannelOptions,
  listenTcpMaster,
  type MasterListener,
  type MasterListenerOptions,
  type StationCounters,
  type TlsIdentity,
  type TurnedAway,
} from '../dnp3/index.ts'

/** Where monitors behind a mobile network call the gateway. */
export interface DialInOptions {
  /** Default 0.0.0.0: they come from elsewhere. */
  readonly host?: string
  /** Port for plain TCP, and for mutual TLS; without one nobody can come that way. 0 takes a free one. */
  readonly port?: number
  readonly tlsPort?: number
}

export interface ReceptionOptions extends DialInOptions, Omit<MasterListenerOptions, 'port' | 'tls' | 'host'> {
  readonly identity: TlsIdentity | null
  readonly log: Log
}

/** A hub as the reception knows it. */
export type ExpectedHub = Pick<HubAssignment, 'host' | 'remoteAddress' | 'tlsName'>

/** A place at the reception, kept for one hub. */
export interface Place {
  readonly association: Association
  readonly linkCounters: StationCounters
  /** Whether the hub is on the line. */
  isOpen(): boolean
  leave(): Promise<void>
}

/** A link address that no hub can have: a caller that is sent there is turned away. */
const nowhere = 65_535

/**
 * The ports that hubs call. One that comes by TLS is known by its certificate alone, whatever link address it then gives: no hub can pass
 * for another. On the plain port it is the address it calls from, where that is fixed, or else the first frame that tells who calls.
 */
export class Reception {
  /** Callers that were turned away. */
  turnedAway = 0
  readonly #options: ReceptionOptions
  readonly #addressOfName = new Map<string, number>()
  readonly #addressOfHost = new Map<string, number>()
  #plain: MasterListener | null = null
  #secure: MasterListener | null = null

  private constructor(options: ReceptionOptions) {
    this.#options = options
  }

  /** Opens the ports. Throws a `StartupError` if one cannot be had. */
  static async open(options: ReceptionOptions): Promise<Reception> {
    const { port, tlsPort, identity } = options
    if (tlsPort !== undefined && identity === null)
      throw new StartupError(
        'Hubs cannot call by TLS while the gateway has no certificate: set --tls-cert, --tls-key and --tls-ca.',
      )
    const reception = new Reception(options)
    try {
      if (port !== undefined) reception.#plain = await reception.#listen(port, (caller) => reception.#byHost(caller))
      if (tlsPort !== undefined && identity !== null)
        reception.#secure = await reception.#listen(tlsPort, (caller) => reception.#byName(caller), identity)
    } catch (error) {
      await reception.close()
      throw new StartupError(
        `Hubs cannot call the gateway on port ${reception.#plain === null && port !== undefined ? port : tlsPort} (${messageOf(error)}): choose another by --dial-in-port or --dial-in-tls-port.`,
      )
    }
    return reception
  }

  get port(): number | null {
    return this.#plain?.port ?? null
  }

  get tlsPort(): number | null {
    return this.#secure?.port ?? null
  }

  /** Keeps a place for a hub; says why not if there is none. */
  expect(
    hub: ExpectedHub,
    association: AssociationOptions,
    onState: NonNullable<ChannelOptions['onState']>,
  ): Place | 'no port' | 'address in use' {
    const listener = hub.tlsName === undefined ? this.#plain : this.#secure
    if (listener === null) return 'no port'
    let state: string = 'connecting'
    const told: NonNullable<ChannelOptions['onState']> = (next, error) => {
      state = next
      onState(next, error)
    }
    try {
      const made = listener.associate(association, told)
      const [names, key] =
        hub.tlsName === undefined ? [this.#addressOfHost, hub.host] : [this.#addressOfName, hub.tlsName]
      if (key !== '') names.set(key, hub.remoteAddress)
      return {
        association: made,
        linkCounters: listener.linkCounters(made) as StationCounters,
        isOpen: () => state === 'open',
        leave: async () => {
          if (names.get(key) === hub.remoteAddress) names.delete(key)
          await listener.dissociate(made)
        },
      }
    } catch (error) {
      if (error instanceof RangeError) return 'address in use'
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#plain?.close()
    await this.#secure?.close()
  }

  #listen(port: number, identify: (caller: Caller) => number | undefined, identity?: TlsIdentity) {
    const { host = '0.0.0.0', log, port: _, tlsPort: __, identity: ___, ...channel } = this.#options
    return listenTcpMaster({
      ...channel,
      host,
      port,
      identify,
      ...(identity === undefined ? {} : { tls: { identity } }),
      onTurnedAway: (caller, reason) => this.#noteTurnedAway(caller, reason),
      onRefused: (error) => {
        this.turnedAway++
        log.debug({ error: error.message }, 'a caller was refused by TLS')
      },
    })
  }

  #byHost({ address }: Caller): number | undefined {
    return this.#addressOfHost.get(address.replace(/^::ffff:/, ''))
  }

  #byName({ certificateNames }: Caller): number {
    const known = certificateNames.find((name) => this.#addressOfName.has(name))
    return known === undefined ? nowhere : (this.#addressOfName.get(known) ?? nowhere)
  }

  #noteTurnedAway({ address, certificateNames }: Caller, reason: TurnedAway): void {
    this.turnedAway++
    // A stranger that knocks is everyday on an open port; a certificate of our own authority that no hub has is not.
    const level = certificateNames.length > 0 ? 'warn' : 'debug'
    this.#options.log[level]({ address, certificateNames, reason }, 'a caller was turned away')
  }
}
