import { asc, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { HubDocument, Installation, InstallationVersion } from '../../../schemas/grid/installations.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'
import { hub } from '../hubs/tables.ts'
import { hubDocument, hubInstallation } from './tables.ts'

const { content: _content, ...documentColumns } = getTableColumns(hubDocument)
type DocumentRow = Omit<typeof hubDocument.$inferSelect, 'content'>

/** The hub, or a problem. */
export async function requireHub(db: Queryable, hubId: string): Promise<{ name: string }> {
  const [found] = await db.select({ name: hub.name }).from(hub).where(eq(hub.hubId, hubId))
  if (!found) throw new ProblemError('not-found', `There is no hub ${hubId}.`)
  return found
}

/** How a hub was installed, by the newest version, and its documents. */
export async function installationOf(db: Queryable, hubId: string): Promise<Installation> {
  const { name } = await requireHub(db, hubId)
  const [row] = await db
    .select()
    .from(hubInstallation)
    .where(eq(hubInstallation.hubId, hubId))
    .orderBy(desc(hubInstallation.version))
    .limit(1)
  const documents = await db
    .select(documentColumns)
    .from(hubDocument)
    .where(eq(hubDocument.hubId, hubId))
    .orderBy(asc(hubDocument.addedAt), asc(hubDocument.documentId))
  return {
    hubId,
    hubName: name,
    etag: String(row?.version ?? 0),
    savedAt: row?.savedAt.toString() ?? null,
    savedBy: row?.savedBy ?? null,
    record: row?.record ?? null,
    documents: documents.map(viewDocument),
  }
}

/** A document as it is listed. */
export function viewDocument(row: DocumentRow): HubDocument {
  const { documentId, kind, title, link, fileName, fileType, fileBytes, sha256, addedBy, removedBy } = row
  const file =
    fileName !== null && fileType !== null && fileBytes !== null && sha256 !== null
      ? { name: fileName, type: fileType, bytes: fileBytes, sha256 }
      : null
  const [addedAt, removedAt] = [row.addedAt.toString(), row.removedAt?.toString() ?? null]
  return { documentId, kind, title, link, file, addedAt, addedBy, removedAt, removedBy }
}

/** A page of the versions of a hub's record, the newest first. */
export async function installationVersions(
  db: Queryable,
  hubId: string,
  query: PageQuery,
): Promise<Page<InstallationVersion>> {
  await requireHub(db, hubId)
  const rows = await db
    .select()
    .from(hubInstallation)
    .where(
      sql`${eq(hubInstallation.hubId, hubId)} and ${afterCursor(query, [sql`${hubInstallation.version}`], 'desc') ?? sql`true`}`,
    )
    .orderBy(desc(hubInstallation.version))
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    (row) => [row.version],
    ({ version, savedAt, savedBy, record }) => ({ version, savedAt: savedAt.toString(), savedBy, record }),
  )
}
