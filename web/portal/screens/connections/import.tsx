import { operations } from '../../../../schemas/operations.ts'
import { importColumns } from '../../../../schemas/vocabulary/file-import.ts'
import { api } from '../../../shared/api/client.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { useRefusal } from '../../session.ts'
import { ImportFile } from '../files/import-file.tsx'

/** Uploads a file of connections with their MPANs. */
export function ImportConnections() {
  return (
    <ImportFile
      title="Import connections"
      actions={<LinkButton to="/connections">All connections</LinkButton>}
      columns={importColumns.connections}
      noun="connection"
      refusal={useRefusal('planner')}
      send={(dryRun, body) => api.call(operations.importConnections, { query: { dryRun }, body })}
    >
      <p>
        A CSV file with a connection in each row, known by its MPANs. Missing columns and empty cells change nothing. If
        any row has an error, nothing is stored.
      </p>
    </ImportFile>
  )
}
