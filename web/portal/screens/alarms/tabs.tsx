import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** Alarms, and what is done with them. */
export function AlarmTabs() {
  return (
    <LinkTabs label="Alarms">
      <LinkTab to="/alarms">Alarms</LinkTab>
      <LinkTab to="/alarm-figures">Rate and floods</LinkTab>
      <LinkTab to="/alarm-targets">Sent to</LinkTab>
    </LinkTabs>
  )
}
