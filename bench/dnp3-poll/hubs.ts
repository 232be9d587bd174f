import { createServer, type Server } from 'node:net'
import {
  createOutstation,
  listenTcpOutstation,
  type Outstation,
  type PointConfig,
} from '../../dnp3-gateway/dnp3/index.ts'

/**
 * The second process of the benchmark: as many outstations as requested, each on its own port, and bare ports that answer with
 * the same octets without interpreting them. Reports its ports and ends with its parent.
 */
const count = Number(process.argv[2])

/** 90 values: 36 voltages as floats, 54 currents and powers as 16-bit numbers. */
const points: PointConfig[] = Array.from({ length: 90 }, (_, index) => ({
  type: 'analog',
  index,
  eventClass: index < 3 ? 2 : 0,
  staticVariation: index < 36 ? 5 : 2,
  value: 230 + index,
  flags: 1,
}))

/** Octets of an integrity poll and of a confirm: what a master sends. */
const requestOctets = 27
const confirmOctets = 15
const eventsPerPoll = 3

async function startHub(): Promise<number> {
  const outstation: Outstation = createOutstation({ address: 10, points, needsTime: false })
  let value = 230
  const listener = await listenTcpOutstation(outstation, {
    port: 0,
    tap: {
      opened: () => undefined,
      sent: () => undefined,
      received: (octets) => {
        // A poll, alone or after the previous confirm; nothing else has these lengths.
        if (octets.length !== requestOctets && octets.length !== requestOctets + confirmOctets) return
        value++
        for (let index = 0; index < eventsPerPoll; index++)
          outstation.update('analog', index, value, { event: 'force' })
      },
    },
  })
  return listener.port
}

async function startBare(answer: Buffer): Promise<number> {
  const server: Server = createServer({ noDelay: true }, (socket) => {
    const cycle = requestOctets + confirmOctets
    let seen = 0
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      const before = Math.ceil(Math.max(0, seen - requestOctets + 1) / cycle)
      seen += chunk.length
      const after = Math.ceil(Math.max(0, seen - requestOctets + 1) / cycle)
      for (let i = before; i < after; i++) socket.write(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

process.on('disconnect', () => process.exit(0))
process.on('message', async (answer: string) => {
  process.send?.({ bare: await startBare(Buffer.from(answer, 'hex')) })
})
const ports: number[] = []
for (let i = 0; i < count; i++) ports.push(await startHub())
process.send?.({ ports })
