import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'
import { useOwnFsp } from '../../session.ts'

/** The market's lists. */
export function MarketTabs() {
  const isFsp = useOwnFsp() !== null
  return (
    <LinkTabs label="Market">
      <LinkTab to="/market" activeOptions={{ exact: true }}>
        Tenders
      </LinkTab>
      <LinkTab to="/market/contracts">Contracts</LinkTab>
      <LinkTab to="/market/units">FUs</LinkTab>
      <LinkTab to="/market/schedules">Schedules</LinkTab>
      <LinkTab to="/market/products">Products</LinkTab>
      <LinkTab to="/market/timetables">Timetables</LinkTab>
      <LinkTab to="/market/authorities">MPANs</LinkTab>
      <LinkTab to="/market/services-to-others">Services to others</LinkTab>
      <LinkTab to="/market/notices">Notices</LinkTab>
      {!isFsp && <LinkTab to="/market/fsps">FSPs</LinkTab>}
    </LinkTabs>
  )
}
