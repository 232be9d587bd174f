import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useRefusal } from '../../session.ts'
import { UploadFile } from './upload-file.tsx'

/** Uploads expected loads of nodes, made elsewhere. */
export function LoadForecasts() {
  return (
    <UploadFile
      subject="load forecasts"
      columns="node_id, period_start, load_w"
      refusal={useRefusal('planner', 'flexibility-engineer')}
      hasLoads
      hasStamp={false}
      send={async (body, { zone, implausible }, dryRun) => {
        const query = { zone, implausible, dryRun: dryRun ? ('true' as const) : ('false' as const) }
        const { stored, rows = stored } = await api.call(operations.uploadLoads, { query, body })
        return { rows }
      }}
    >
      <p>
        A CSV file with a quarter-hour of a node in each row, loads in W. It replaces forecasts that were uploaded
        before, and takes precedence over the server’s own. If any row has an error, nothing is stored.
      </p>
    </UploadFile>
  )
}
