import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** A relay between a master and an outstation that can be made to fail, for tests of failures in the field. */
export interface Relay {
  readonly port: number
  /** Connections accepted so far. */
  readonly connections: number
  /** While silent, connections stay open and carry nothing: the half-open TCP of a cellular modem (FM25). */
  silence(on: boolean): void
  /** While holding, what the outstation sends waits, and goes on its way when that ends: a slow network. */
  hold(on: boolean): void
  /** While refusing, new connections are cut as soon as they are made, existing ones at once. */
  refuse(on: boolean): void
  /** Sends octets to the master as if from the outstation. */
  inject(octets: Uint8Array): void
  /** Cuts all connections. */
  cut(): void
  close(): Promise<void>
}

/** Relays a port to an outstation's port. */
export async function startRelay(host: string, port: number, target: () => number): Promise<Relay> {
  const masters = new Set<Socket>()
  let silent = false
  let refusing = false
  let held: (() => void)[] | null = null
  let connections = 0
  const server = createServer({ noDelay: true }, (master) => {
    connections++
    if (refusing) {
      master.destroy()
      return
    }
    masters.add(master)
    const outstation = connect({ host, port: target(), noDelay: true })
    join(
      master,
      outstation,
      () => silent,
      (deliver) => (held === null ? deliver() : held.push(deliver)),
    )
    master.on('close', () => masters.delete(master))
  })
  await listening(server, port, host)
  const cut = () => {
    for (const master of masters) master.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections
    },
    silence(on) {
      silent = on
    },
    hold(on) {
      for (const deliver of held ?? []) deliver()
      held = on ? [] : null
    },
    refuse(on) {
      refusing = on
      if (on) cut()
    },
    inject(octets) {
      for (const master of masters) master.write(octets)
    },
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      }),
  }
}

function join(
  master: Socket,
  outstation: Socket,
  isSilent: () => boolean,
  onAnswer: (deliver: () => void) => void,
): void {
  for (const [from, to] of [
    [master, outstation],
    [outstation, master],
  ] as const) {
    from.on('data', (chunk) => {
      if (isSilent()) return
      if (from === outstation) onAnswer(() => to.write(chunk))
      else to.write(chunk)
    })
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
}
