import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** What administrators see to: who is let in, by which key, and who did what. */
export function AdministrationTabs() {
  return (
    <LinkTabs label="Administration">
      <LinkTab to="/accounts">Accounts</LinkTab>
      <LinkTab to="/clients">API clients</LinkTab>
      <LinkTab to="/audit">Audit trail</LinkTab>
    </LinkTabs>
  )
}
