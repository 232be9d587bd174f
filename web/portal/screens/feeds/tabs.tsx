import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** Where data come from. */
export function SourceTabs() {
  return (
    <LinkTabs label="Sources of data">
      <LinkTab to="/hubs">Hubs</LinkTab>
      <LinkTab to="/point-maps">Point maps</LinkTab>
      <LinkTab to="/gateway-pools">Gateway pools</LinkTab>
      <LinkTab to="/feeds">Feeds</LinkTab>
      <LinkTab to="/data-feeds">Data providers</LinkTab>
    </LinkTabs>
  )
}
