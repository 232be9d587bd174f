import type { DynamicDay, DynamicPeriod } from '../../../../schemas/planning/dynamic-limits.ts'
import { kw } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'

/** A span of a day with one limit and one reason. */
export interface DynamicSpell extends DynamicPeriod {
  words: string
}

/**
 * The periods of a day, joined where limit and reason stay the same.
 * @param nodes the nodes that feed the connection; one that is not among them is told by its identifier.
 */
export function spellsOf(
  periods: readonly DynamicPeriod[],
  nodes: readonly { nodeId: string; name: string }[] = [],
): DynamicSpell[] {
  const spells: DynamicSpell[] = []
  for (const period of periods) {
    const last = spells.at(-1)
    const node = nodes.find(({ nodeId }) => nodeId === period.nodeId)?.name ?? period.nodeId
    const words = reasonInWords(period, node)
    if (last && last.limitW === period.limitW && last.words === words) last.to = period.to
    else spells.push({ ...period, words })
  }
  return spells
}

function reasonInWords({ reason, roomW }: DynamicPeriod, node: string | null): string {
  const room = roomW === null ? '' : `${node} has room for ${kw(Math.max(0, roomW))}`
  switch (reason) {
    case 'agreed':
      return 'The full agreed limit: the network has room for it.'
    case 'shared':
      return `A share: ${room} in total.`
    case 'floor':
      return `The floor of the contract: ${room} in total.`
    case 'node-not-forecast':
      return `No dynamic limit: the load of ${node} is not forecast.`
    case 'connection-not-forecast':
      return 'No dynamic limit: the import of this connection is not forecast.'
    case 'capacity-unknown':
      return `No dynamic limit: the capacity of ${node} is not known.`
  }
}

/** When and by which rule the limits of a day were issued. */
export function issueInWords({ version, issuedAt, issuedBy, floorW, share, periods }: DynamicDay): string {
  if (version === 0 || issuedAt === null) return 'Nothing was issued for this day: the agreed limit is in force.'
  if (periods.length === 0)
    return 'The limits issued for this day were withdrawn when the terms changed: the agreed limit is in force.'
  const rule = share === 'equal' ? 'shared equally' : 'shared in proportion to the agreed limits'
  return `Issue ${version}, ${dayAndTime(issuedAt)}, by ${issuedBy}: ${rule}, never below ${kw(floorW ?? 0)}.`
}
