import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** What is settled, and what it is reckoned from. */
export function SettlementTabs() {
  return (
    <LinkTabs label="Settlement">
      <LinkTab to="/settlement" activeOptions={{ exact: true }}>
        Statements
      </LinkTab>
      <LinkTab to="/baselines">Baselines</LinkTab>
    </LinkTabs>
  )
}
