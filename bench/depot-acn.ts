import { allocate, laxityMs, withTurnMs } from '../fsp/optimiser/index.ts'
import { loadHighs } from '../platform/linear-programs/index.ts'
import { mostWh } from './depot-acn/optimum.ts'
import { readSessions, type Session, stepMinutes } from './depot-acn/sessions.ts'

/** The file that is used without `--file`: a month of a car park at Caltech. */
const defaultFile = new URL('../../shared/data/ev-sessions/acn_caltech_2019-03_sessions.csv', import.meta.url).pathname

const capacityKw = [10, 20, 30, 40, 60]
const voltsAcn = 208
const stepMs = stepMinutes * 60_000
const stepH = stepMinutes / 60

/** A session under way. */
interface Charge extends Session {
  key: string
  missingWh: number
  isServed: boolean
}

/** Shares the current of a step; A by session. Nothing is known of sessions that have not begun. */
type Policy = (charges: readonly Charge[], step: number, capacityA: number) => ReadonlyMap<string, number>

/**
 * Percent of the requested energy that a car park with a limit delivers: by the controller's own allocation, by earliest departure and by
 * least laxity first, and by somebody who knows all sessions beforehand. `ratio` is the least of ours / optimum with any current (goal
 * 0.997), `ratioFromSixAmpere` with 0 or at least 6 A in whole amperes, as charge points take it (goal 0.995).
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const sessions = await readSessions(options['file'] ?? defaultFile)
  const totalWh = sessions.reduce((sum, { requestedWh }) => sum + requestedWh, 0)
  const percent = (deliver: (capacityW: number) => number) =>
    capacityKw.map((kw) => Math.round((deliver(kw * 1_000) / totalWh) * 1e5) / 1e3)
  const highs = await loadHighs()
  const ours = percent((w) => delivered(sessions, w, byController({ leastA: 0, stepA: 0 })))
  const oursFromSixAmpere = percent((w) => delivered(sessions, w, byController({ leastA: 6, stepA: 1 })))
  const optimum = percent((w) => mostWh(highs, sessions, w))
  const least = (of: readonly number[]) => Math.min(...of.map((each, i) => each / (optimum[i] as number)))
  return {
    capacityKw,
    ours,
    oursFromSixAmpere,
    llf: percent((w) =>
      delivered(
        sessions,
        w,
        inOrder((charge, step) => spareMs(charge, step)),
      ),
    ),
    edf: percent((w) =>
      delivered(
        sessions,
        w,
        inOrder(({ departure }) => departure),
      ),
    ),
    optimum,
    ratio: least(ours),
    ratioFromSixAmpere: least(oursFromSixAmpere),
    sessions: sessions.length,
    requestedKwh: Math.round(totalWh / 100) / 10,
  }
}

const spareMs = (charge: Charge, step: number) =>
  laxityMs(step * stepMs, charge.departure * stepMs, charge.missingWh, charge.mostW)

/** The allocation that the depots' controller makes each minute. */
function byController(rule: { leastA: number; stepA: number }): Policy {
  return (charges, step, capacityA) => {
    const shares = allocate(
      charges.map((charge) => {
        const maxCurrentA = charge.mostW / voltsAcn
        // A vehicle that is nearly full draws less than its limit.
        const usefulA = Math.min(maxCurrentA, charge.missingWh / stepH / voltsAcn)
        const ceiling = rule.stepA === 0 ? usefulA : Math.max(rule.leastA, Math.ceil(usefulA / rule.stepA) * rule.stepA)
        // A socket carries what its vehicle takes at most, in whole amperes.
        const whole = rule.stepA === 0 ? ceiling : Math.max(rule.leastA, Math.min(ceiling, Math.floor(maxCurrentA)))
        return {
          key: charge.key,
          leastA: rule.leastA,
          mostA: whole,
          canPause: true,
          uses: [{ limit: 0, factor: 1 }],
          // Turns are kept where set points go to charge points, which do not like a new one every few minutes.
          laxityMs: rule.stepA === 0 ? spareMs(charge, step) : withTurnMs(spareMs(charge, step), charge.isServed),
        }
      }),
      [{ id: 'connection', capacityA }],
      { stepA: rule.stepA },
    )
    return new Map([...shares].map(([key, { limitA }]) => [key, limitA]))
  }
}

/** Each in turn gets as much as it can take, any current. */
function inOrder(rank: (charge: Charge, step: number) => number): Policy {
  return (charges, step, capacityA) => {
    let left = capacityA
    const order = charges.map((charge) => ({ charge, rank: rank(charge, step) })).sort((a, b) => a.rank - b.rank)
    return new Map(
      order.map(({ charge }) => {
        const given = Math.min(left, charge.mostW / voltsAcn, charge.missingWh / stepH / voltsAcn)
        left -= given
        return [charge.key, given]
      }),
    )
  }
}

/** What the sessions get, Wh. Throws if a policy gives more than there is. */
function delivered(sessions: readonly Session[], capacityW: number, policy: Policy): number {
  const arrivals = Map.groupBy(
    sessions.map(
      (session, i): Charge => ({ ...session, key: `s${i}`, missingWh: session.requestedWh, isServed: false }),
    ),
    ({ arrival }) => arrival,
  )
  const end = sessions.reduce((latest, { departure }) => Math.max(latest, departure), 0)
  const capacityA = capacityW / voltsAcn
  let present: Charge[] = []
  let sumWh = 0
  for (let step = 0; step < end; step++) {
    present = [...present, ...(arrivals.get(step) ?? [])].filter(
      ({ departure, missingWh }) => departure > step && missingWh > 1e-6,
    )
    const currents = policy(present, step, capacityA)
    const total = [...currents.values()].reduce((sum, each) => sum + each, 0)
    if (total > capacityA * (1 + 1e-9)) throw new Error(`${total} A were given of ${capacityA} A`)
    for (const charge of present) {
      const currentA = currents.get(charge.key) ?? 0
      const wh = Math.min(charge.missingWh, Math.min(currentA * voltsAcn, charge.mostW) * stepH)
      charge.missingWh -= wh
      charge.isServed = currentA > 0
      sumWh += wh
    }
  }
  return sumWh
}
