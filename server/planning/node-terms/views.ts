import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { NodeTerms } from '../../../schemas/planning/node-terms.ts'
import { nodeTermsSettings } from '../../../schemas/settings/dispatch.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'
import { findNode } from '../../grid/index.ts'
import { figuresAt } from '../../kit/index.ts'
import { nodeTerms } from './tables.ts'

type Row = Pick<typeof nodeTerms.$inferSelect, 'ceilingGbpPerMwh' | 'shortfallWeight'>
type Defaults = ValuesOf<typeof nodeTermsSettings>

/** What is stated of a node, with what holds. */
export async function termsOf(tx: Queryable, nodeId: string, at: Instant): Promise<NodeTerms> {
  if (!(await findNode(tx, nodeId))) throw new ProblemError('not-found', `Network node ${nodeId} not found.`)
  const [row] = await tx.select().from(nodeTerms).where(eq(nodeTerms.nodeId, nodeId))
  const stated = { ceilingGbpPerMwh: row?.ceilingGbpPerMwh ?? null, shortfallWeight: row?.shortfallWeight ?? null }
  const inForce = inForceOf(stated, await figuresAt(tx, nodeTermsSettings, at))
  const { ceilingGbpPerMwh, shortfallWeight } = stated
  return {
    nodeId,
    ceilingGbpPerMwh: ceilingGbpPerMwh === null ? null : priceText(ceilingGbpPerMwh),
    shortfallWeight,
    revision: row?.revision ?? 0,
    inForce,
  }
}

/** What the optimisation of a moment keeps to at each node, by node; nodes that are absent follow `usual`. */
export async function nodeTermsAt(tx: Queryable, at: Instant) {
  const defaults = await figuresAt(tx, nodeTermsSettings, at)
  const rows = await tx.select().from(nodeTerms)
  return {
    usual: inForceOf({ ceilingGbpPerMwh: null, shortfallWeight: null }, defaults),
    byNode: new Map(rows.map((row) => [row.nodeId, inForceOf(row, defaults)])),
  }
}

function inForceOf(stated: Row, { limitsPrice, ceilingGbpPerMwh, shortfallWeight }: Defaults): NodeTerms['inForce'] {
  const ceiling = stated.ceilingGbpPerMwh ?? (limitsPrice ? ceilingGbpPerMwh : null)
  return {
    ceilingGbpPerMwh: ceiling === null ? null : priceText(ceiling),
    shortfallWeight: stated.shortfallWeight ?? shortfallWeight,
  }
}

/** A price as it is written: with pence, and further decimals only where there are any. */
function priceText(value: string | number): string {
  const exact = new Money(value)
  return exact.toFixed(Math.max(2, exact.decimalPlaces()))
}
