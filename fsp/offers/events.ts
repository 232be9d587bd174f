import { Instant } from '@js-joda/core'
import { quarterMs, quarterOf } from '../../schemas/vocabulary/time.ts'
import type { FlexUnits, Instructions } from '../flexibility/index.ts'
import { dnoClaims, type Offering } from './offering.ts'

/** What holds a site's load in a span. */
interface MarketEvent {
  from: string
  to: string
  holder: 'dno' | 'others' | 'tariff'
  name: string
  powerW: number
  isInstructed: boolean
}

/** The events of a site from now on: contracted windows, instructions, what others were promised, and what the plan moves; in order. */
export async function marketEvents(
  parts: { flexUnits: FlexUnits; instructions: Instructions; offering: Offering },
  siteId: string,
  now: Instant,
  days: number,
): Promise<MarketEvent[]> {
  const { flexUnits, instructions, offering } = parts
  const contracts = flexUnits.contractsOf(flexUnits.ofDepot(siteId)?.fuId ?? '')
  const claimsAt = await offering.claims(siteId, now)
  const firstMs = quarterOf(now.toEpochMilli())
  const ended: MarketEvent[] = []
  let running: MarketEvent[] = []
  for (let ms = firstMs; ms < firstMs + days * 24 * 3_600_000; ms += quarterMs) {
    const at = Instant.ofEpochMilli(ms)
    const to = Instant.ofEpochMilli(ms + quarterMs).toString()
    const instructedW = Math.abs(instructions.turnDownW(siteId, at))
    const instructed = { holder: 'dno' as const, name: 'instruction', powerW: instructedW, isInstructed: true }
    const promised = [...dnoClaims(contracts, at), ...claimsAt(at)].map((claim) => ({ ...claim, isInstructed: false }))
    const next: MarketEvent[] = []
    for (const one of instructedW > 0 ? [instructed, ...promised] : promised) {
      const before = running.find(
        (each) => each.holder === one.holder && each.name === one.name && each.powerW === one.powerW,
      )
      next.push(before ? { ...before, to } : { ...one, from: at.toString(), to })
    }
    ended.push(
      ...running.filter(
        (each) =>
          !next.some(({ from, holder, name }) => from === each.from && holder === each.holder && name === each.name),
      ),
    )
    running = next
  }
  return [...ended, ...running].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}
