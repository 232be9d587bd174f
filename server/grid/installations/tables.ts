import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
import { documentKind, documentType, type InstallationForm } from '../../../schemas/grid/installations.ts'
import { hub } from '../hubs/tables.ts'

/** Versions of how hubs were installed; a version never changes. */
export const hubInstallation = pgTable(
  'hub_installation',
  {
    hubId: uuid('hub_id')
      .notNull()
      .references(() => hub.hubId),
    version: integer().notNull(),
    record: jsonb().$type<InstallationForm>().notNull(),
    savedAt: instant('saved_at').notNull(),
    savedBy: text('saved_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.hubId, t.version] })],
)

/** Documents of hubs. The content of one that was removed is gone; the rest of its row stays. */
export const hubDocument = pgTable(
  'hub_document',
  {
    documentId: uuid('document_id').primaryKey(),
    hubId: uuid('hub_id')
      .notNull()
      .references(() => hub.hubId),
    kind: text({ enum: optionsOf(documentKind) }).notNull(),
    title: text().notNull(),
    link: text(),
    fileName: text('file_name'),
    fileType: text('file_type', { enum: optionsOf(documentType) }),
    fileBytes: integer('file_bytes'),
    sha256: text(),
    /** In base64. */
    content: text(),
    addedAt: instant('added_at').notNull(),
    addedBy: text('added_by').notNull(),
    removedAt: instant('removed_at'),
    removedBy: text('removed_by'),
  },
  (t) => [index('hub_document_hub').on(t.hubId)],
)
