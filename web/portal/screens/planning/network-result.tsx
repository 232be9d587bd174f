import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { nodeKind } from '../../../../schemas/grid/connections.ts'
import { operations } from '../../../../schemas/operations.ts'
import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { fixed } from '../../../shared/format/power.ts'
import { runNodesQuery, runTendersQuery } from '../../planning-queries.ts'
import { nodeKindWords } from '../network/words.ts'
import { nodeColumns } from './node-columns.tsx'
import styles from './planning.module.css'
import { networkRunOf } from './words.ts'

/** More are not fetched at once: a search finds the rest. */
const shownAtMost = 500

const address = '/inside/planning/runs/$runId'

/** What a run over the network found: its nodes by rank with the figures of a year, the files, and the tenders that followed. */
export function NetworkResult({ run }: { run: DemandRun }) {
  const { year, kind, search = '' } = useSearch({ from: address })
  const navigate = useNavigate({ from: '/planning/runs/$runId' })
  const [settled] = useDebouncedValue(search, 200)
  const years = networkRunOf(run)?.summary?.years ?? []
  const query = useQuery(
    runNodesQuery(run.runId, {
      limit: shownAtMost,
      ...(year !== undefined && years.includes(year) ? { year } : {}),
      ...(kind ? { kind } : {}),
      ...(settled ? { search: settled } : {}),
    }),
  )
  return (
    <>
      <Section title="Nodes, the first to be exceeded first" actions={<Filters years={years} />} flush>
        <Loaded query={query}>
          {({ items, nextCursor }) => (
            <>
              <DataTable
                label="Nodes by rank"
                rows={items}
                // Of a list that is cut off, only the order of the server ranks all.
                columns={
                  nextCursor === null ? nodeColumns : nodeColumns.map((each) => ({ ...each, enableSorting: false }))
                }
                rowKey={(node) => node.nodeId}
                onOpen={({ nodeId }) =>
                  void navigate({ to: '/planning/runs/$runId/nodes/$nodeId', params: { runId: run.runId, nodeId } })
                }
                empty={
                  search || kind ? 'No node matches this search.' : 'The run has no nodes: no network is on record.'
                }
              />
              {nextCursor !== null && (
                <p className={styles.cut}>
                  The first {fixed(shownAtMost, 0)} nodes by rank; search for others, or download all.
                </p>
              )}
            </>
          )}
        </Loaded>
      </Section>
      <Section title="Compare, map and download">
        <Downloads runId={run.runId} />
      </Section>
      <Tenders runId={run.runId} />
    </>
  )
}

/** The year whose figures are shown, and which nodes. */
function Filters({ years }: { years: readonly number[] }) {
  const { year, kind, search = '' } = useSearch({ from: address })
  const navigate = useNavigate({ from: '/planning/runs/$runId' })
  const last = years.at(-1)
  return (
    <>
      <input
        className="rm-select"
        type="search"
        aria-label="Search nodes"
        placeholder="Name or identifier"
        value={search}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: (s) => ({ ...s, search: value || undefined }), replace: true })
        }
      />
      <select
        className="rm-select"
        aria-label="Kind"
        value={kind ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: (s) => ({ ...s, kind: nodeKind.safeParse(value).data }), replace: true })
        }
      >
        <option value="">Every kind</option>
        {nodeKind.options
          .filter((each) => each !== 'feeder')
          .map((each) => (
            <option key={each} value={each}>
              {nodeKindWords[each]}
            </option>
          ))}
      </select>
      <select
        className="rm-select"
        aria-label="Figures of"
        value={year ?? last ?? ''}
        onChange={({ currentTarget: { value } }) =>
          void navigate({
            search: (s) => ({ ...s, year: Number(value) === last ? undefined : Number(value) }),
            replace: true,
          })
        }
      >
        {years.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
    </>
  )
}

function Downloads({ runId }: { runId: string }) {
  const call = { params: { id: runId } }
  return (
    <div className={styles.tableHead}>
      <LinkButton to="/planning/comparison" search={{ one: runId }}>
        Compare with another run
      </LinkButton>
      <LinkButton to="/map" search={{ subject: 'exceedance', run: runId }}>
        Show on the map
      </LinkButton>
      <Button component="a" href={addressOf(operations.exportRunCsv, call)} download>
        Download CSV
      </Button>
      <Button component="a" href={addressOf(operations.exportRunParquet, call)} download>
        Download Parquet
      </Button>
      <Button component="a" href={addressOf(operations.exportRunGeoJson, call)} download>
        Download GeoJSON
      </Button>
    </div>
  )
}

/** Tenders that were drafted from the run; nothing where there are none. */
function Tenders({ runId }: { runId: string }) {
  const tenders = useQuery(runTendersQuery(runId)).data ?? []
  if (tenders.length === 0) return null
  return (
    <Section title="Tenders drafted from this run">
      <ul className={styles.list}>
        {tenders.map(({ tenderId, title }) => (
          <li key={tenderId}>
            <Link to="/market/tenders/$tenderId" params={{ tenderId }}>
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}
