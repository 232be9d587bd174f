import { useQuery } from '@tanstack/react-query'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { applicationsQuery } from '../../queries.ts'
import { ApplicationTable } from './application-table.tsx'

/** Every profile that was applied for at the customer's sites, with its state. */
export function Applications() {
  const query = useQuery(applicationsQuery)
  return (
    <Page
      title="Applications"
      subtitle="What you asked the network operator for, and what was decided. Apply on the page of a site, or at the end of a plan."
    >
      <Section flush>
        <Loaded query={query}>{(rows) => <ApplicationTable rows={rows} />}</Loaded>
      </Section>
    </Page>
  )
}
