import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { OwnSitePage, OwnVersion } from '../../../../schemas/market/customers.ts'
import { operations } from '../../../../schemas/operations.ts'
import { addressOf } from '../../../shared/api/client.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { MeasuredPower } from '../../../shared/components/measured.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { energy, kw } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords } from '../../../shared/format/time.ts'
import { complianceWords, exportText, limitSourceWords } from '../../../shared/format/words.ts'
import { ownSiteQuery } from '../../customer-queries.ts'
import { highestLimitW, versionStateWords } from '../applications/words.ts'
import { Consents } from './consents.tsx'

function decisionInWords({ state, decidedAt, reason }: OwnVersion): string {
  if (state === 'applied') return 'not decided yet'
  return [decidedAt === null ? null : dayAndTime(decidedAt), reason].filter((part) => part !== null).join(': ')
}

const versionColumns: Column<OwnVersion>[] = [
  { id: 'version', header: 'Version', accessorFn: (v) => v.version, cell: ({ row }) => row.original.version },
  {
    id: 'state',
    header: 'State',
    accessorFn: (v) => v.state,
    cell: ({ row }) => <Mark {...versionStateWords[row.original.state]} />,
  },
  {
    id: 'span',
    header: 'Valid',
    accessorFn: (v) => v.validFrom,
    cell: ({ row }) => daySpanInWords(row.original.validFrom, row.original.validTo),
  },
  {
    id: 'highest',
    header: 'Highest limit',
    meta: { align: 'right', from: 'medium' },
    accessorFn: highestLimitW,
    cell: ({ row }) => kw(highestLimitW(row.original)),
  },
  {
    id: 'reason',
    header: 'Decision',
    accessorFn: (v) => v.reason,
    cell: ({ row }) => decisionInWords(row.original),
  },
]

type OwnBreach = OwnSitePage['breaches'][number]

const breachColumns: Column<OwnBreach>[] = [
  { id: 'start', header: 'From', accessorFn: (b) => b.start, cell: ({ row }) => dayAndTime(row.original.start) },
  {
    id: 'end',
    header: 'Until',
    accessorFn: (b) => b.end,
    cell: ({ row }) => (row.original.end ? dayAndTime(row.original.end) : 'ongoing'),
  },
  { id: 'direction', header: 'Of', accessorFn: (b) => b.direction, cell: ({ row }) => row.original.direction },
  {
    id: 'peak',
    header: 'Highest excess',
    meta: { align: 'right' },
    accessorFn: (b) => b.peakExcessW,
    cell: ({ row }) => kw(row.original.peakExcessW),
  },
  {
    id: 'energy',
    header: 'Energy over the limit',
    meta: { align: 'right', from: 'medium' },
    accessorFn: (b) => b.excessWh,
    cell: ({ row }) => energy(row.original.excessWh),
  },
]

/** An own site: its limit and compliance now, what was applied for and what became of it, breaches and consents. */
export function OwnSiteScreen() {
  const { connectionId } = useParams({ from: '/inside/my-sites/$connectionId' })
  const site = useQuery(ownSiteQuery(connectionId))
  return <Loaded query={site}>{(page) => <Content site={page} />}</Loaded>
}

function Content({ site }: { site: OwnSitePage }) {
  const { connectionId } = site
  const isApproved = site.versions.some(({ state }) => state === 'approved')
  return (
    <Page
      title={site.name}
      subtitle={site.address}
      actions={
        <LinkButton to="/my-sites/$connectionId/apply" params={{ connectionId }}>
          Apply for a profile
        </LinkButton>
      }
    >
      <Section>
        <Facts
          items={[
            [site.exportState ? 'Import and export' : 'Import', <Mark key="state" {...complianceWords[site.state]} />],
            ['Measured', <MeasuredPower key="measured" given={site.import} />],
            ['Limit in force', `${kw(site.limitW)}, ${limitSourceWords[site.limitSource]}`],
            ['Agreed capacity', `${site.ascKva} kVA`],
            ['Authorised export', exportText(site)],
            ['MPANs', site.mpans.join(', ') || 'none'],
          ]}
        />
      </Section>
      <Section
        title="Profiles and applications"
        flush
        actions={
          isApproved && (
            <a href={addressOf(operations.exportSiteSchedule, { params: { id: connectionId } })}>
              Demand schedule (CSV)
            </a>
          )
        }
      >
        <DataTable
          label="Profiles and applications"
          rows={site.versions}
          columns={versionColumns}
          rowKey={(version) => version.profileId}
          empty="There are no applications yet."
        />
      </Section>
      <Consents site={site} />
      <Section title="Breaches of the limit" flush>
        <DataTable
          label="Breaches of the limit"
          rows={site.breaches}
          columns={breachColumns}
          rowKey={(breach) => breach.breachId}
          empty="There were no breaches."
        />
      </Section>
    </Page>
  )
}
