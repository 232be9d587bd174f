import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** How connections stand now, how they did, which of them are one place, and whose they are. */
export function ConnectionTabs() {
  return (
    <LinkTabs label="Connections">
      <LinkTab to="/connections" activeOptions={{ exact: true }}>
        Now
      </LinkTab>
      <LinkTab to="/compliance">Compliance by month</LinkTab>
      <LinkTab to="/connection-groups" activeOptions={{ includeSearch: false }}>
        Groups
      </LinkTab>
      <LinkTab to="/customers">Customers</LinkTab>
    </LinkTabs>
  )
}
