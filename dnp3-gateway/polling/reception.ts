import { messageOf, StartupError } from '../../platform/errors/index.ts'
import { isLoopbackHost } from '../../platform/http/index.ts'
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
  /** Default for TLS: 0.0.0.0, because callers are on other machines; for plain TCP: 127.0.0.1. */
  readonly host?: string
  /** Whether plain TCP may be open beyond this machine, where anybody can pass for a hub; default no. */
  readonly isPlainAllowed?: boolean
  /** Ports for plain TCP and for mutual TLS; leave one out to close that way in. 0 takes a free port. */
  readonly port?: number
  readonly tlsPort?: number
}

export interface ReceptionOptions extends DialInOptions, Omit<MasterListenerOptions, 'port' | 'tls' | 'host'> {
  readonly identity: TlsIdentity | null
  readonly log: Log
}

/** A hub as the reception sees it. */
export type ExpectedHub = Pick<HubAssignment, 'host' | 'remoteAddress' | 'tlsName'>

/** A place at the reception, kept for one hub. */
export interface Place {
  readonly association: Association
  readonly linkCounters: StationCounters
  /** Whether the hub is connected. */
  isOpen(): boolean
  leave(): Promise<void>
}

/** Refuses a plain port beyond this machine, unless that is stated. */
function refuseOpenPlain({ host, port, isPlainAllowed }: ReceptionOptions): void {
  if (port === undefined || host === undefined || isPlainAllowed || isLoopbackHost(host)) return
  throw new StartupError(
    `Anybody who reaches ${host} could pass for a hub on the plain port ${port}: let hubs call by TLS (--dial-in-tls-port), or state --allow-plain-dial-in if only they can reach it.`,
  )
}

/** A link address that no hub can have: callers assigned to it are turned away. */
const nowhere = 65_535

/**
 * The ports that hubs call. A caller over TLS is identified by its certificate alone, whatever link address it gives: no hub can pass
 * for another. A caller on the plain port is identified by its IP address where that is fixed, otherwise by its first frame.
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

  /** Opens the ports. Throws a `StartupError` if one is unavailable. */
  static async open(options: ReceptionOptions): Promise<Reception> {
    const { port, tlsPort, identity } = options
    if (tlsPort !== undefined && identity === null)
      throw new StartupError(
        'Hubs cannot call in over TLS because the gateway has no certificate: set --tls-cert, --tls-key and --tls-ca.',
      )
    refuseOpenPlain(options)
    const reception = new Reception(options)
    try {
      if (port !== undefined) reception.#plain = await reception.#listen(port, (caller) => reception.#byHost(caller))
      if (tlsPort !== undefined && identity !== null)
        reception.#secure = await reception.#listen(tlsPort, (caller) => reception.#byName(caller), identity)
    } catch (error) {
      await reception.close()
      throw new StartupError(
        `Hubs cannot call in on port ${reception.#plain === null && port !== undefined ? port : tlsPort} (${messageOf(error)}): choose another with --dial-in-port or --dial-in-tls-port.`,
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

  /** Keeps a place for a hub, or returns why it cannot. */
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
    const { host, log, port: _, tlsPort: __, identity: ___, isPlainAllowed, ...channel } = this.#options
    const anywhere = identity !== undefined || isPlainAllowed ? '0.0.0.0' : '127.0.0.1'
    return listenTcpMaster({
      ...channel,
      host: host ?? anywhere,
      port,
      identify,
      ...(identity === undefined ? {} : { tls: { identity } }),
      onTurnedAway: (caller, reason) => this.#noteTurnedAway(caller, reason),
      onRefused: (error) => {
        this.turnedAway++
        log.debug({ error: error.message }, 'TLS refused a caller')
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
    // Strangers knock on an open port every day; a certificate of our own authority that belongs to no hub is unusual.
    const level = certificateNames.length > 0 ? 'warn' : 'debug'
    this.#options.log[level]({ address, certificateNames, reason }, 'caller turned away')
  }
}
