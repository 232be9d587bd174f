import type { ConnectionSummary, HubState } from '../../../schemas/grid/connections.ts'
import type { FlexibleUnit, Fsp } from '../../../schemas/market/parties.ts'
import type { StatementSummary } from '../../../schemas/settlement/statements.ts'
import { monthInWords } from '../../shared/format/time.ts'

/** Where a result leads. */
type Target =
  | { to: '/connections/$connectionId'; params: { connectionId: string } }
  | { to: '/hubs'; search: { hub: string } }
  | { to: '/market/units'; search: { fu: string } }
  | { to: '/settlement/$statementId'; params: { statementId: string } }
  | { to: '/market/fsps'; search: { fsp: string } }

export interface Found {
  kind: 'Site' | 'Hub' | 'FU' | 'FSP' | 'Statement'
  id: string
  name: string
  detail: string
  target: Target
}

interface Indexed extends Found {
  /** All that it can be found by, in lower case. */
  haystack: string
}

interface Lists {
  connections?: readonly ConnectionSummary[] | undefined
  hubs?: readonly HubState[] | undefined
  units?: readonly FlexibleUnit[] | undefined
  fsps?: readonly Fsp[] | undefined
  statements?: readonly StatementSummary[] | undefined
}

/** Everything that can be searched for, from the lists that have been answered so far. */
export function searchIndex({ connections = [], hubs = [], units = [], fsps = [], statements = [] }: Lists): Indexed[] {
  const found: Found[] = [
    ...connections.map((c) => ({
      kind: 'Site' as const,
      id: c.connectionId,
      name: c.name,
      detail: `MPAN ${c.mpans.join(', ')} · ${c.nodeName}`,
      target: { to: '/connections/$connectionId' as const, params: { connectionId: c.connectionId } },
    })),
    ...hubs.map((h) => ({
      kind: 'Hub' as const,
      id: h.hubId,
      name: h.name,
      detail: '',
      target: { to: '/hubs' as const, search: { hub: h.hubId } },
    })),
    ...units.map((u) => ({
      kind: 'FU' as const,
      id: u.fuId,
      name: u.name,
      detail: u.fuId,
      target: { to: '/market/units' as const, search: { fu: u.fuId } },
    })),
    ...fsps.map((f) => ({
      kind: 'FSP' as const,
      id: f.fspId,
      name: f.companyName,
      detail: f.contactName,
      target: { to: '/market/fsps' as const, search: { fsp: f.fspId } },
    })),
    ...statements.map((s) => ({
      kind: 'Statement' as const,
      id: s.statementId,
      name: s.number,
      detail: `${s.fspName} · ${monthInWords(s.month)}`,
      target: { to: '/settlement/$statementId' as const, params: { statementId: s.statementId } },
    })),
  ]
  return found.map((f) => ({ ...f, haystack: `${f.name} ${f.detail} ${f.kind} ${f.id}`.toLowerCase() }))
}

/** At most `limit` entries that hold every word of the text; those whose name begins with it first. */
export function findIn(index: readonly Indexed[], text: string, limit = 12): Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const first = words[0]
  if (first === undefined) return index.slice(0, limit)
  return index
    .filter((entry) => words.every((word) => entry.haystack.includes(word)))
    .sort((a, b) => Number(b.name.toLowerCase().startsWith(first)) - Number(a.name.toLowerCase().startsWith(first)))
    .slice(0, limit)
}
