import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Page, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { customerQuery } from '../../customer-queries.ts'
import { WaitingFor } from '../proposals/proposal-view.tsx'
import { CustomerForm } from './customer-form.tsx'
import { People } from './people.tsx'
import { SiteConsents } from './site-consents.tsx'
import { SitesForm } from './sites-form.tsx'

/** A customer: its name and address, its sites, the people who see them, and the FSPs that read their profiles. */
export function CustomerPage() {
  const { customerId } = useParams({ from: '/inside/customers/$customerId' })
  const query = useQuery(customerQuery(customerId))
  const queries = useQueryClient()
  // Counts how often the stored values were loaded over what was entered.
  const [round, setRound] = useState(0)
  const reload = () =>
    void queries
      .invalidateQueries({ queryKey: customerQuery(customerId).queryKey })
      .then(() => setRound((before) => before + 1))
  const { customer, sites } = query.data ?? {}
  return (
    <Page
      title={customer?.name ?? 'Customer'}
      subtitle={sites && count(sites.connectionIds.length, 'site')}
      actions={<LinkButton to="/customers">All customers</LinkButton>}
    >
      <Loaded query={query}>
        {(loaded) => (
          <>
            <Section title="Name and address">
              <CustomerForm key={round} customer={loaded.customer} onReload={reload} />
            </Section>
            <Section title="Sites">
              <Stack>
                <WaitingFor subjectId={customerId} />
                <SitesForm
                  key={`${round} ${loaded.sites.etag}`}
                  name={loaded.customer.name}
                  sites={loaded.sites}
                  onReload={reload}
                />
              </Stack>
            </Section>
            <People customerId={customerId} />
            <SiteConsents connectionIds={loaded.sites.connectionIds} />
          </>
        )}
      </Loaded>
    </Page>
  )
}
