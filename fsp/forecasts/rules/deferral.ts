/** A charge of before: from plugging in to leaving. Power is that of the socket. */
export interface PastCharge {
  fromMs: number
  toMs: number
  energyWh: number
  mostW: number
}

const hourMs = 3_600_000

/** Fewer charges than this say nothing of a depot. */
const leastCharges = 20

/** What a charge draws at an instant if it charges as soon as it can, and whether it could wait for a span and still be full, W. */
function drawOf({ fromMs, toMs, energyWh, mostW }: PastCharge, atMs: number, holdMs: number) {
  if (atMs < fromMs || atMs >= toMs || mostW <= 0) return { loadW: 0, deferrableW: 0 }
  const leftMs = (energyWh / mostW) * hourMs - (atMs - fromMs)
  if (leftMs <= 0) return { loadW: 0, deferrableW: 0 }
  return { loadW: mostW, deferrableW: toMs - atMs - holdMs >= leftMs ? mostW : 0 }
}

/**
 * The share of the charging load at given instants that could have been put off for a span without anybody leaving short, from 0 to 1:
 * of every charge it is known how long it stayed and what it took. `null` where too few charges are known, or nothing was drawn.
 */
export function deferrableShare(
  charges: readonly PastCharge[],
  instantsMs: readonly number[],
  holdMs: number,
): number | null {
  if (charges.length < leastCharges) return null
  let [loadW, deferrableW] = [0, 0]
  for (const atMs of instantsMs)
    for (const charge of charges) {
      const draw = drawOf(charge, atMs, holdMs)
      loadW += draw.loadW
      deferrableW += draw.deferrableW
    }
  return loadW === 0 ? null : deferrableW / loadW
}
