import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'

/** Free loopback ports, held all at once so that they differ, and then let go for whoever needs them. */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = []
  for (let i = 0; i < count; i++) {
    const server = createServer()
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', () => resolve()))
    held.push(server)
  }
  const ports = held.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
