/** Child of the gateway-fleet benchmark: many outstations in one process, with values that change from poll to poll. */
import {
  createOutstation,
  listenTcpOutstation,
  type Outstation,
  type OutstationListener,
} from '../../dnp3-gateway/dnp3/index.ts'
import { cpuSeconds, onOrder, tell } from '../support/child.ts'
import { addressOf, type FleetOrder } from './fleet.ts'

const outstations: Outstation[] = []
let listeners: OutstationListener[] = []
let addresses: { host: string; port: number }[] = []

onOrder<FleetOrder>({
  async start({ hubs, values, firstHub, pollS }) {
    const points = Array.from({ length: values }, (_, index) => ({ type: 'analog' as const, index, flags: 1 }))
    for (let i = 0; i < hubs; i++) {
      const outstation = createOutstation({ address: 10, points })
      outstations.push(outstation)
    }
    addresses = outstations.map((_, i) => addressOf(firstHub + i, pollS))
    await listen()
    let turn = 0
    // A thousandth of the hubs in a thousandth of the interval, so that all of them change from one poll to the next. Voltages
    // stay within the statutory limits: a fleet that breaches them at each poll is no load that a network has.
    setInterval(() => {
      for (let i = turn++ % 1000; i < hubs; i += 1000) {
        for (let index = 0; index < values; index++) outstations[i]?.update('analog', index, 225 + 20 * Math.random())
      }
    }, pollS)
    tell({})
  },
  /** All hubs lose their connection at once, and are there again at once. */
  async drop() {
    await Promise.all(listeners.map((listener) => listener.close()))
    await listen()
    tell({})
  },
  async report() {
    const answered = outstations.map((outstation) => outstation.counters.pointsAnswered)
    tell({ answered, cpuS: cpuSeconds(), rssMb: Math.round(process.memoryUsage().rss / 1e6) })
  },
})

async function listen() {
  listeners = []
  for (const [i, outstation] of outstations.entries())
    listeners.push(await listenTcpOutstation(outstation, addresses[i] as (typeof addresses)[number]))
}
