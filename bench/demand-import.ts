import { setInterval as every } from 'node:timers'
import { openSession } from '../cli/system/portal-client.ts'
import { operations } from '../schemas/operations.ts'
import { requestOf } from '../schemas/vocabulary/client.ts'
import { saveAccount } from '../server/access/index.ts'
import { withServer } from './support/grid.ts'

const columns = 'vehicle,model,startedAt,endedAt,fromArea,toArea,km'
const firstMs = Date.parse('2026-01-01T00:00:00Z')
const tripsOfVehicle = 200
/** Trips to a piece of the body: it is made as the server takes it. */
const atOnce = 500

/** A month of trips as a platform sends it, vehicle by vehicle. */
function tripFile(trips: number): ReadableStream<Uint8Array> {
  let next = 0
  return new ReadableStream({
    pull(controller) {
      const lines = next === 0 ? [columns] : []
      for (const last = Math.min(trips, next + atOnce); next < last; next++) {
        const vehicle = Math.floor(next / tripsOfVehicle)
        const startMs = firstMs + (next % tripsOfVehicle) * 3.5 * 3_600_000
        const [start, end] = [new Date(startMs), new Date(startMs + 1_500_000)].map((at) => at.toISOString())
        const [from, to] = [1_000_000 + (next % 4_994), 1_000_000 + ((next * 7) % 4_994)]
        const id = `${vehicle.toString(16).padStart(8, '0')}-4c46-9f6e-2f8f0d2b7a11`
        lines.push(`${id},Kia e-Niro,${start},${end},E0${from},E0${to},${(next % 290) / 10}`)
      }
      controller.enqueue(Buffer.from(`${lines.join('\n')}\n`))
      if (next >= trips) controller.close()
    },
  })
}

/**
 * Imports a month of trips over HTTP as an edition: time, and the most memory that the process took beyond what it had before. The client is the
 * same process, and makes the file as it is read. Goal: less than 400 MB more, however long the file.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const trips = Number(options['trips'] ?? 1_000_000)
  return withServer(async (server) => {
    const [username, password] = ['bench', 'a password of the benchmark']
    await saveAccount(server.context.db, { username, fullName: 'Bench', password, roles: ['planner'] })
    const cookie = await openSession(server.publicUrl, { username, password })
    const send = async (count: number) => {
      const body = tripFile(count)
      const given = { params: { kind: 'trips' as const }, query: { name: 'Trips of the benchmark' }, body }
      const { path, init } = requestOf(operations.importDemandEdition, given, { headers: { cookie } })
      const answer = await fetch(`${server.publicUrl}/api${path}`, { ...init, duplex: 'half' } as RequestInit)
      const outcome = (await answer.json()) as { rows?: number; detail?: string }
      if (outcome.rows !== count) throw new Error(`the import was answered ${answer.status}: ${outcome.detail}`)
    }
    // What the first import loads and compiles is not of the file.
    await send(1_000)
    const rss = () => process.memoryUsage.rss() / 2 ** 20
    const beforeMb = rss()
    let mostMb = beforeMb
    const watch = every(() => {
      mostMb = Math.max(mostMb, rss())
    }, 50)
    const startedAt = performance.now()
    await send(trips)
    const wallMs = Math.round(performance.now() - startedAt)
    clearInterval(watch)
    const moreMb = Math.round(mostMb - beforeMb)
    return { trips, wallMs, beforeMb: Math.round(beforeMb), mostMb: Math.round(mostMb), moreMb, ratio: moreMb / 400 }
  })
}
