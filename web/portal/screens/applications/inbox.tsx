import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count, kwDigits } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords, utc } from '../../../shared/format/time.ts'
import { highestLimitW, versionStateWords } from '../../../shared/profiles/words.ts'
import { profilesQuery } from '../../grid-queries.ts'
import { sourceWords } from './words.ts'

export const versionColumns: Column<ProfileVersion>[] = [
  {
    id: 'connection',
    header: 'Connection',
    accessorFn: (version) => version.connectionName,
    cell: ({ row: { original } }) => (
      <Link to="/applications/$profileId" params={{ profileId: original.profileId }}>
        {original.connectionName}, version {original.version}
      </Link>
    ),
  },
  {
    id: 'state',
    header: 'State',
    accessorFn: (version) => version.state,
    cell: ({ row }) => <Mark {...versionStateWords[row.original.state]} />,
  },
  {
    id: 'valid',
    header: 'Valid',
    meta: { from: 'medium' },
    accessorFn: (version) => version.validFrom,
    cell: ({ row: { original } }) => daySpanInWords(original.validFrom, original.validTo),
  },
  {
    id: 'highest',
    header: 'Highest limit kW',
    meta: { align: 'right' },
    accessorFn: highestLimitW,
    cell: ({ row }) => kwDigits(highestLimitW(row.original)),
  },
  {
    id: 'source',
    header: 'Source',
    meta: { from: 'wide' },
    accessorFn: (version) => version.source,
    cell: ({ row }) => sourceWords[row.original.source],
  },
  {
    id: 'applied',
    header: 'Applied',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (version) => (version.appliedAt === null ? 0 : Date.parse(version.appliedAt)),
    cell: ({ row: { original } }) =>
      original.appliedAt === null ? (
        original.appliedBy
      ) : (
        <time title={utc(original.appliedAt)}>
          {dayAndTime(original.appliedAt)} by {original.appliedBy}
        </time>
      ),
  },
]

/** Applications for profiled connections that wait for a decision; or every version there is. */
export function Inbox() {
  const { show = 'applied' } = useSearch({ from: '/inside/applications' })
  const navigate = useNavigate({ from: '/applications' })
  const query = useQuery(profilesQuery(show === 'applied' ? { state: 'applied' } : {}))
  return (
    <Page
      title="Applications"
      subtitle={
        query.data &&
        (show === 'applied'
          ? `${count(query.data.length, 'application')} to decide on`
          : count(query.data.length, 'version'))
      }
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Which applications"
          value={show}
          onChange={(next) => void navigate({ search: { show: next === 'all' ? 'all' : undefined } })}
          data={[
            { value: 'applied', label: 'To decide' },
            { value: 'all', label: 'All versions' },
          ]}
        />
      }
    >
      <Loaded query={query}>
        {(versions) => (
          <Section flush>
            <DataTable
              label="Applications"
              rows={versions}
              columns={versionColumns}
              rowKey={(version) => version.profileId}
              onOpen={({ profileId }) => void navigate({ to: '/applications/$profileId', params: { profileId } })}
              empty="No application waits for a decision."
            />
          </Section>
        )}
      </Loaded>
    </Page>
  )
}
