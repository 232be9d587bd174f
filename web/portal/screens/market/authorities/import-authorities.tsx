import { operations } from '../../../../../schemas/operations.ts'
import { importColumns } from '../../../../../schemas/vocabulary/file-import.ts'
import { api } from '../../../../shared/api/client.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { ImportFile } from '../../files/import-file.tsx'

/** An FSP’s application for the MPANs of a file. */
export function ImportAuthorities() {
  return (
    <ImportFile
      title="Apply for MPANs by file"
      actions={<LinkButton to="/market/authorities">All MPANs</LinkButton>}
      columns={importColumns.authorities}
      noun="MPAN"
      refusal={null}
      send={(dryRun, body) => api.call(operations.importAuthorities, { query: { dryRun }, body })}
    >
      <p>
        A CSV file with an MPAN in each row, and what shows that the customer wants you to act. The file is one
        application, which the DNO decides on. If any row has an error, nothing is stored.
      </p>
    </ImportFile>
  )
}
