import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** An address in front of several servers: each connection goes to the next of those that are named at the time. */
export interface Balancer {
  readonly url: string
  /** Breaks all connections, and sends new ones to these ports. */
  aim(ports: readonly number[]): void
  close(): void
}

/** Opens one, of TCP connections, on a free port. */
export async function openBalancer(): Promise<Balancer> {
  let [targets, turn]: [readonly number[], number] = [[], 0]
  const open = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    const port = targets[turn++ % Math.max(targets.length, 1)]
    if (port === undefined) return void socket.destroy()
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    const behind = connect({ host: '127.0.0.1', port, noDelay: true })
    socket.pipe(behind).pipe(socket)
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    aim: (ports) => {
      targets = ports
      for (const socket of open) socket.destroy()
    },
    close: () => void server.close(),
  }
}
