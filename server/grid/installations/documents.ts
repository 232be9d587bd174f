import { createHash } from 'node:crypto'
import { and, count, eq, isNull } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import {
  type installationOperations,
  mostDocumentBytes,
  type NewDocument,
} from '../../../schemas/grid/installations.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { hub } from '../hubs/tables.ts'
import { isOfType } from './rules.ts'
import { requireHub, viewDocument } from './store.ts'
import { hubDocument } from './tables.ts'

/** Documents of one hub at most; what was removed does not count. */
const mostDocuments = 40

/** A19: adds a document. A file is kept with the SHA-256 of its bytes, and refused if they are not of its type. */
export const addDocument: Verb<typeof installationOperations.addDocument> = async (call) => {
  const { db, at, actor, id: documentId, params, body } = call
  const hubId = params.id
  await requireHub(db, hubId)
  await requireRoom(db, hubId)
  const { kind, title, link } = body
  const [row] = await db
    .insert(hubDocument)
    .values({ documentId, hubId, kind, title, link, ...fileOf(body), addedAt: at, addedBy: nameOf(actor) })
    .returning()
  if (!row) throw new Error('the document was not stored')
  const view = viewDocument(row)
  call.audit({ action: 'hub.document-added', subject: { type: 'hub', id: hubId }, detail: { ...view } })
  call.announce('telemetry')
  return view
}

async function requireRoom(db: Queryable, hubId: string): Promise<void> {
  await db.select({ hubId: hub.hubId }).from(hub).where(eq(hub.hubId, hubId)).for('update')
  const [held] = await db
    .select({ n: count() })
    .from(hubDocument)
    .where(and(eq(hubDocument.hubId, hubId), isNull(hubDocument.removedAt)))
  if ((held?.n ?? 0) >= mostDocuments)
    throw new ProblemError(
      'conflict',
      `The hub has ${mostDocuments} documents already: remove one, or add a link to a folder.`,
    )
}

function fileOf({ file }: NewDocument) {
  if (!file) return {}
  const content = Buffer.from(file.contentBase64, 'base64')
  if (content.length > mostDocumentBytes) refuse('file.contentBase64', `must be at most ${mostDocumentBytes} bytes`)
  if (!isOfType(content, file.type)) refuse('file.contentBase64', `is not ${file.type}`)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { fileName: file.name, fileType: file.type, fileBytes: content.length, sha256, content: file.contentBase64 }
}

function refuse(field: string, message: string): never {
  throw new ProblemError('contract-broken', `${field}: ${message}.`, { errors: [{ field, message }] })
}

const documentOf = (hubId: string, documentId: string) =>
  and(eq(hubDocument.hubId, hubId), eq(hubDocument.documentId, documentId))

/** A document with its content; that of one that was removed is gone. */
export const readDocument: Verb<typeof installationOperations.readDocument> = async ({ db, params }) => {
  const [row] = await db.select().from(hubDocument).where(documentOf(params.id, params.documentId))
  if (!row) throw noDocument(params)
  return { ...viewDocument(row), contentBase64: row.content }
}

/** Removes the content of a document; that it was there, its digest and who removed it stay. */
export const removeDocument: Verb<typeof installationOperations.removeDocument> = async (call) => {
  const { db, at, actor, params } = call
  const [row] = await db
    .update(hubDocument)
    .set({ content: null, removedAt: at, removedBy: nameOf(actor) })
    .where(and(documentOf(params.id, params.documentId), isNull(hubDocument.removedAt)))
    .returning()
  if (!row) throw noDocument(params)
  call.audit({
    action: 'hub.document-removed',
    subject: { type: 'hub', id: params.id },
    detail: { ...viewDocument(row) },
  })
  call.announce('telemetry')
}

function noDocument({ id, documentId }: { id: string; documentId: string }): ProblemError {
  return new ProblemError('not-found', `The hub ${id} has no document ${documentId}.`)
}
