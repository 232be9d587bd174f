import { operations } from '../../../../../schemas/operations.ts'
import { importColumns } from '../../../../../schemas/vocabulary/file-import.ts'
import { api } from '../../../../shared/api/client.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { ImportFile } from '../../files/import-file.tsx'

/** Uploads a file of an FSP’s DERs, with the FUs that they belong to. */
export function ImportDers() {
  return (
    <ImportFile
      title="Import DERs"
      actions={<LinkButton to="/market/units">All FUs</LinkButton>}
      columns={importColumns.ders}
      noun="DER"
      refusal={null}
      send={(dryRun, body) => api.call(operations.importDers, { query: { dryRun }, body })}
    >
      <p>
        A CSV file with a DER in each row, known by its MPAN and its name. If an FU is given, the DER joins it on the
        stated day and leaves its previous FU then. Missing columns and empty cells change nothing. If any row has an
        error, nothing is stored.
      </p>
    </ImportFile>
  )
}
