import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** What is settled, and what it is reckoned from. */
export function SettlementTabs() {
  return (
    <LinkTabs label="Settlement">
      <LinkTab to="/settlement" activeOptions={{ exact: true }}>
        Statements
      </LinkTab>
      <LinkTab to="/non-delivery">Non-delivery</LinkTab>
      <LinkTab to="/metering">Meter data</LinkTab>
      <LinkTab to="/held-uploads">Held uploads</LinkTab>
      <LinkTab to="/baselines">Baselines</LinkTab>
    </LinkTabs>
  )
}
