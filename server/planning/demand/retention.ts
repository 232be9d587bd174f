import type { Instant } from '@js-joda/core'
import { and, eq, isNull, lt } from 'drizzle-orm'
import { demandRetentionSettings } from '../../../schemas/settings/demand-retention.ts'
import { figuresAt, recordAudit, type ServerContext } from '../../kit/index.ts'
import { demandEdition, demandEditionPart, demandVehicle } from './tables.ts'

/**
 * Removes the rows of editions that have been kept for as long as their kind may be: trips, because they show where people were, and what runs read of
 * the network, because it is large. The edition stays with its digest and its summary, and so do the results of runs; what names vehicles goes with
 * the rows. Trips that were made up show nobody, and stay.
 */
export async function removeOldRows({ db, log }: ServerContext, at: Instant): Promise<void> {
  const { tripDays, networkDays } = await figuresAt(db, demandRetentionSettings, at)
  for (const [kind, days] of [
    ['trips', tripDays],
    ['network', networkDays],
  ] as const) {
    const old = await db
      .select({ editionId: demandEdition.editionId })
      .from(demandEdition)
      .where(
        and(
          eq(demandEdition.kind, kind),
          eq(demandEdition.isSynthetic, false),
          isNull(demandEdition.rowsRemovedAt),
          lt(demandEdition.importedAt, at.minusSeconds(days * 86_400)),
        ),
      )
    for (const { editionId } of old) await removeRows(db, editionId, at)
    if (old.length > 0) log.info({ kind, editions: old.length }, 'rows of old editions of EV demand removed')
  }
}

/** Removes the rows of an edition once, whichever server comes first, and records it. */
async function removeRows(db: ServerContext['db'], editionId: string, at: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    const [edition] = await tx
      .update(demandEdition)
      .set({ rowsRemovedAt: at, anomalies: [], newVehicles: [] })
      .where(and(eq(demandEdition.editionId, editionId), isNull(demandEdition.rowsRemovedAt)))
      .returning()
    if (!edition) return
    await tx.delete(demandEditionPart).where(eq(demandEditionPart.editionId, editionId))
    await tx.delete(demandVehicle).where(eq(demandVehicle.editionId, editionId))
    const { kind, name, rows, digest } = edition
    await recordAudit(
      tx,
      at,
      { kind: 'system', name: 'retention' },
      {
        action: 'demand-edition.rows-removed',
        subject: { type: 'demand-edition', id: editionId },
        detail: { kind, name, rows, digest, importedAt: edition.importedAt.toString() },
      },
    )
  })
}
