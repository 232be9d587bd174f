import { installationOperations } from '../../../schemas/grid/installations.ts'
import { bind } from '../../kit/index.ts'
import { addDocument, readDocument, removeDocument } from './documents.ts'
import { saveInstallation } from './save-installation.ts'
import { installationOf, installationVersions } from './store.ts'

/** How hubs were installed. */
export const installations = bind(installationOperations, {
  readInstallation: ({ db, params }) => installationOf(db, params.id),
  saveInstallation,
  listInstallations: ({ db, params, query }) => installationVersions(db, params.id, query),
  addDocument,
  readDocument,
  removeDocument,
})
