import { useQuery } from '@tanstack/react-query'
import type { SiteConsent } from '../../../../schemas/market/customers.ts'
import { type Column, DataTable } from '../../../shared/components/data-table.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dayAndTime, dayInWords } from '../../../shared/format/time.ts'
import { siteConsentsQuery } from '../../customer-queries.ts'

const columns: Column<SiteConsent>[] = [
  {
    id: 'site',
    header: 'Site',
    accessorFn: ({ connectionName }) => connectionName,
    cell: ({ row }) => row.original.connectionName,
  },
  { id: 'fsp', header: 'FSP', accessorFn: ({ fspName }) => fspName, cell: ({ row }) => row.original.fspName },
  {
    id: 'state',
    header: 'State',
    accessorFn: ({ holds }) => Number(holds),
    cell: ({ row }) =>
      row.original.holds ? (
        <Mark word="In force" tone="normal" shape="ring" />
      ) : (
        <Mark word="Ended" tone="quiet" shape="bar" />
      ),
  },
  {
    id: 'given',
    header: 'Given',
    meta: { from: 'medium' },
    accessorFn: ({ givenAt }) => Date.parse(givenAt),
    cell: ({ row }) => `${dayAndTime(row.original.givenAt)}, by ${row.original.givenBy}`,
  },
  { id: 'end', header: 'Until', meta: { from: 'medium' }, accessorFn: endOf, cell: ({ row }) => endOf(row.original) },
]

/** Which FSPs read the profiles of a customer’s sites. Only the customer gives and revokes a consent. */
export function SiteConsents({ connectionIds }: { connectionIds: readonly string[] }) {
  const query = useQuery(siteConsentsQuery)
  return (
    <Section title="Consents to FSPs" flush>
      <Loaded query={query}>
        {(consents) => (
          <DataTable
            label="Consents to FSPs"
            rows={consents.filter(({ connectionId }) => connectionIds.includes(connectionId))}
            columns={columns}
            rowKey={({ consentId }) => consentId}
            empty="No FSP can read the profiles of these sites. The customer gives and revokes consents on its own screens."
          />
        )}
      </Loaded>
    </Section>
  )
}

function endOf({ revokedAt, until }: SiteConsent): string {
  if (revokedAt) return `revoked ${dayAndTime(revokedAt)}`
  return until ? dayInWords(until) : 'no last day'
}
