import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { count } from '../../../shared/format/power.ts'
import { useRefusal } from '../../session.ts'
import { UploadFile } from './upload-file.tsx'

/** Uploads measured half-hours of nodes from before they had a hub. */
export function LoadHistory() {
  return (
    <UploadFile
      subject="load history"
      columns="nodeId, at, meanW; maxW if it is known"
      refusal={useRefusal('planner')}
      hasLoads
      hasStamp
      send={async (body, { stamp, zone, implausible }, dryRun) => {
        const query = { stamp, zone, implausible, dryRun: dryRun ? ('true' as const) : ('false' as const) }
        const { rows, nodes } = await api.call(operations.uploadLoadHistory, { query, body })
        return { rows, words: `Half-hours of ${count(nodes, 'node')}.` }
      }}
    >
      <p>
        A CSV file with a half-hour of a node in each row, loads in W. It replaces half-hours that were uploaded before,
        but never what a hub measured. If any row has an error, nothing is stored.
      </p>
    </UploadFile>
  )
}
