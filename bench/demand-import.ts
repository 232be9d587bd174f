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
 * same process, and makes the file as it is read. Goal: less than 400 MB more, however long the file. With `--delivery` the file is delivered to
 * a data feed instead, and so kept before it is read.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const trips = Number(options['trips'] ?? 1_000_000)
  return withServer(async (server) => {
    const [username, password] = ['bench', 'a password of the benchmark']
    await saveAccount(server.context.db, { username, fullName: 'Bench', password, roles: ['planner', 'administrator'] })
    const cookie = await openSession(server.publicUrl, { username, password })
    const isDelivered = options['delivery'] !== undefined
    const post = async ({ path, init }: ReturnType<typeof requestOf>) => {
      const answer = await fetch(`${server.publicUrl}/api${path}`, { ...init, duplex: 'half' } as RequestInit)
      return (await answer.json()) as { rows?: number; delivery?: { taken: number }; detail?: string }
    }
    const signed = { headers: { cookie } }
    if (isDelivered) {
      const params = { providerId: 'bench' }
      await post(requestOf(operations.saveDataProvider, { params, body: { name: 'Bench' } }, signed))
      const rhythm = { everyDays: 31, lateAfterDays: 35, failedAfterDays: 45 }
      const body = { ...params, name: 'Trips', kind: 'trips' as const, rhythm }
      await post(requestOf(operations.saveDataFeed, { params: { feedId: 'trips' }, body, version: null }, signed))
    }
    const send = async (count: number) => {
      const body = tripFile(count)
      const name = 'Trips of the benchmark'
      const outcome = await post(
        isDelivered
          ? requestOf(operations.deliverDataFile, { params: { feedId: 'trips' }, query: { name }, body }, signed)
          : requestOf(operations.importDemandEdition, { params: { kind: 'trips' }, query: { name }, body }, signed),
      )
      const taken = outcome.rows ?? outcome.delivery?.taken
      if (taken !== count) throw new Error(`${taken} of ${count} trips were taken: ${JSON.stringify(outcome)}`)
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
