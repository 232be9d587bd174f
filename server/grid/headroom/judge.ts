import type { Assessment } from '../../../schemas/grid/profiles.ts'
import type { ConnectionTerms } from '../connections/index.ts'
import { agreedOn, cellsOf, type Requested } from './agreed.ts'
import {
  type AssessedPeriod,
  type AssessmentCell,
  assessCell,
  type BackgroundBasis,
  type LoadNode,
  missingOf,
  nodeLoads,
  seenBy,
} from './rules.ts'
import { type DayKind, type DayVector, flat } from './vectors.ts'

/** A connection of the tree, with the terms that determine its limit. */
export interface TermsBelow extends ConnectionTerms {
  connectionId: string
  nodeId: string
  customer: string
}

/** Measurements of days of a kind by half-hour, W: the highest mean of nodes, the average of connections. */
export interface History {
  nodes: ReadonlyMap<string, DayVector>
  connections: ReadonlyMap<string, DayVector>
}

/** What an application is judged by. */
export interface Facts {
  /** The tree of the applicant, and the connections in it. */
  nodes: readonly LoadNode[]
  connections: readonly TermsBelow[]
  applicant: TermsBelow
  /** From the node of the applicant up to the top. */
  way: readonly LoadNode[]
  /** The history that counts for days of a kind. */
  historyFor(kind: DayKind): Promise<History> | History
}

/** A cell with its half-hours. */
export interface JudgedCell extends AssessmentCell {
  periods: AssessedPeriod[]
}

/** What an application leaves or lacks, and what is not known of the nodes on the way up. */
export interface Judgement {
  cells: JudgedCell[]
  missing: Assessment['missing']
  bases: Map<string, BackgroundBasis>
  /** The way up as the applicant sees it: `reserved` nodes of it are reserved for somebody else. */
  way: LoadNode[]
}

/** Judges an application by its days: all other agreements count as they are on each of them. */
export async function judge(requested: Requested, facts: Facts): Promise<Judgement> {
  const { nodes, connections, applicant, historyFor } = facts
  const way = facts.way.map((node) => seenBy(node, applicant.customer))
  const others = connections.filter((c) => c.connectionId !== applicant.connectionId)
  const cells: JudgedCell[] = []
  const missing = new Map<string, Assessment['missing'][number]>()
  const bases = new Map<string, BackgroundBasis>()
  for (const cell of cellsOf(requested, applicant, others)) {
    const history = await historyFor(cell)
    const loads = cell.days.map((day) => {
      const own = loadConnections(connections, history, (c) => (c === applicant ? flat(0) : agreedOn(c, day)))
      return nodeLoads(nodes, own, history.nodes, cell.season)
    })
    const [first = new Map<string, never>()] = loads
    for (const { nodeId } of way) bases.set(nodeId, lesserKnown(bases.get(nodeId), first.get(nodeId)?.basis))
    for (const lack of missingOf(way, first, cell.season))
      missing.set(`${lack.nodeId} ${lack.season} ${lack.what}`, lack)
    cells.push({ ...cell, periods: assessCell(cell, way, loads) })
  }
  return { cells, missing: [...missing.values()], bases, way }
}

/** A node that is unknown for some of the days is shown as unknown. */
function lesserKnown(a: BackgroundBasis | undefined, b: BackgroundBasis = 'unknown'): BackgroundBasis {
  return a === 'unknown' ? a : b
}

/** Connections as their nodes see them: what they have agreed, and what they were measured to import. */
export function loadConnections(
  connections: readonly TermsBelow[],
  history: History,
  agreedW: (terms: TermsBelow) => DayVector,
) {
  return connections.map((c) => ({
    connectionId: c.connectionId,
    nodeId: c.nodeId,
    agreedW: agreedW(c),
    measuredW: history.connections.get(c.connectionId) ?? null,
  }))
}
