import { reachWh } from './rules.ts'
import type { Connector, OpenTransaction, Unit } from './units.ts'

/**
 * How a transaction is seen to be over when its stop is lost: pure rules. A unit that says `Finishing`, or that has booted, may have its
 * stop still on the way, or go on: it gets this long to show which, ms. Ended too late, a socket without a vehicle holds 6 A that others
 * could use; ended too early, a charging vehicle loses its set points until it is plugged in again, which is worse.
 */
export const graceMs = 5 * 60_000

const goingOn = ['Charging', 'SuspendedEV', 'SuspendedEVSE']

/** What a status says of an open transaction that began at or before it. */
export function signOf(status: string): 'over' | 'doubted' | 'goes-on' | null {
  if (status === 'Available') return 'over'
  if (status === 'Finishing') return 'doubted'
  return goingOn.includes(status) ? 'goes-on' : null
}

/** Whether meter values show that a doubted transaction goes on. After `Finishing` only power does: a last reading follows the end. */
export function isSignOfCharge(connector: Connector, reading: { powerW: number | null; transactionId: number | null }) {
  if (reading.powerW !== null && reading.powerW > 0) return true
  return connector.status !== 'Finishing' && reading.transactionId === connector.transaction?.transactionId
}

/** Whether a doubt has lasted long enough to end a transaction. */
export function isOver({ doubtedMs }: Pick<OpenTransaction, 'doubtedMs'>, nowMs: number): boolean {
  return doubtedMs !== null && nowMs - doubtedMs >= graceMs
}

/**
 * The connector that a stop with an unknown identity means: one whose open transaction began before it; of several, one with its token,
 * then the one whose register is next below it and can have reached it. `null`: none, or more than one as likely.
 */
export function likelyConnector(
  { connectors, model }: Unit,
  stop: { at: { toEpochMilli(): number }; idTag?: string | null | undefined; meterStop?: number | null | undefined },
): Connector | null {
  const atMs = stop.at.toEpochMilli()
  const open = connectors.filter(({ transaction }) => transaction && transaction.startMs <= atMs)
  if (open.length <= 1) return open[0] ?? null
  const [byTag, another] = open.filter(({ transaction }) => transaction?.idTag === stop.idTag)
  if (byTag && !another) return byTag
  const { meterStop } = stop
  if (meterStop === null || meterStop === undefined) return null
  const riseOf = ({ transaction }: Connector) => meterStop - (transaction?.lastWh ?? 0)
  const [nearest] = open
    .filter(
      (each) => riseOf(each) >= 0 && riseOf(each) <= reachWh(model, atMs - (each.transaction?.lastReadMs ?? atMs)),
    )
    .sort((a, b) => riseOf(a) - riseOf(b))
  return nearest ?? null
}
