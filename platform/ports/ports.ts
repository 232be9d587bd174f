import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { codeOf, StartupError } from '../errors/index.ts'

/** Below the ports that systems give to outgoing connections (Linux from 32,768 on, others from 49,152), and above those of well-known services. */
const [lowest, beyond] = [15_000, 32_000]

const mostTries = 200

/**
 * Loopback ports that are free, for whoever has to know a port before it is listened at. They are let go again: so they are none that an
 * outgoing connection could be given in the meantime, and drawn at random, so that two who ask at once get different ones.
 */
export async function freePorts(count: number): Promise<number[]> {
  const held: Server[] = []
  const ports: number[] = []
  try {
    for (let tries = 0; ports.length < count; tries++) {
      if (tries === mostTries)
        throw new StartupError(
          `No free TCP port was found on 127.0.0.1 between ${lowest} and ${beyond}: end programs that hold them, or name the ports.`,
        )
      const port = randomInt(lowest, beyond)
      const server = createServer()
      try {
        server.listen(port, '127.0.0.1')
        await once(server, 'listening')
      } catch (error) {
        if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES') continue
        throw error
      }
      held.push(server)
      ports.push(port)
    }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  }
  return ports
}
