import type { DynamicDay, DynamicPeriod } from '../../../../schemas/planning/dynamic-limits.ts'
import { kw } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'

/** A span of a day with one limit and one reason. */
export interface DynamicSpell extends DynamicPeriod {
  words: string
}

/** The periods of a day, joined where limit and reason stay the same. */
export function spellsOf(periods: readonly DynamicPeriod[]): DynamicSpell[] {
  const spells: DynamicSpell[] = []
  for (const period of periods) {
    const last = spells.at(-1)
    const words = reasonInWords(period)
    if (last && last.limitW === period.limitW && last.words === words) last.to = period.to
    else spells.push({ ...period, words })
  }
  return spells
}

function reasonInWords({ reason, nodeId, roomW }: DynamicPeriod): string {
  const room = roomW === null ? '' : `${nodeId} has room for ${kw(Math.max(0, roomW))}`
  switch (reason) {
    case 'agreed':
      return 'The agreed limit in full: there is room for it.'
    case 'shared':
      return `A share: ${room} in all.`
    case 'floor':
      return `The floor of the contract: ${room} in all.`
    case 'node-not-forecast':
      return `No dynamic limit: the load of ${nodeId} is not forecast.`
    case 'connection-not-forecast':
      return 'No dynamic limit: the import of this connection is not forecast.'
    case 'capacity-unknown':
      return `No dynamic limit: the capacity of ${nodeId} is not known.`
  }
}

/** When and by which rule the limits of a day were issued. */
export function issueInWords({ version, issuedAt, issuedBy, floorW, share, periods }: DynamicDay): string {
  if (version === 0 || issuedAt === null) return 'Nothing was issued for this day: the agreed limit is in force.'
  if (periods.length === 0) return 'What was issued for this day was withdrawn: the agreed limit is in force.'
  const rule = share === 'equal' ? 'shared equally' : 'shared in proportion to the agreed limits'
  return `Issue ${version}, ${dayAndTime(issuedAt)}, by ${issuedBy}: ${rule}, no less than ${kw(floorW ?? 0)}.`
}
