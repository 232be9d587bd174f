import { type Association, type Fragment, FunctionCode, readRecords } from '../dnp3/index.ts'

/** A device clock that is off by more than this is flagged and set (FM24). */
export const driftLimitMs = 2_000

/** The longest exchange that still tells a drift, ms: the error is up to half of it. */
const longestExchangeMs = 1_000

/**
 * How far a device's clock is ahead of ours, ms: its time (g50v1) against the middle of the exchange. `null` if it does not give a time;
 * `unsure` if the exchange took too long, whether because of the device, the line or ourselves.
 */
export async function measureDrift(association: Association, nowMs: () => number): Promise<number | null | 'unsure'> {
  let sentMs = nowMs()
  let backMs = sentMs
  let deviceMs: number | null = null
  const outcome = await association.perform({
    code: FunctionCode.read,
    build: (writer) => writer.count(50, 1, 1),
    onSent: () => {
      sentMs = nowMs()
    },
    onFragment: (fragment) => {
      backMs = nowMs()
      deviceMs = timeIn(fragment) ?? deviceMs
    },
  })
  if (backMs - sentMs > longestExchangeMs) return 'unsure'
  return outcome.ok && deviceMs !== null ? Math.round(deviceMs - (sentMs + backMs) / 2) : null
}

function timeIn(fragment: Fragment): number | null {
  for (const header of fragment.headers) {
    if (header.spec.group.group !== 50 || header.spec.variation !== 1) continue
    const time = readRecords(fragment.bytes, header)[0]?.fields['time']
    if (time !== undefined) return time
  }
  return null
}
