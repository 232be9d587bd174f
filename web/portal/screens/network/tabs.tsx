import { LinkTab, LinkTabs } from '../../../shared/components/link-tabs.tsx'

/** The network, the areas that it lies in, and the files of its loads. */
export function NetworkTabs() {
  return (
    <LinkTabs label="Network">
      <LinkTab to="/network" activeOptions={{ exact: true, includeSearch: false }}>
        Nodes
      </LinkTab>
      <LinkTab to="/map" activeOptions={{ includeSearch: false }}>
        Map
      </LinkTab>
      <LinkTab to="/licence-areas">Licence areas</LinkTab>
      <LinkTab to="/load-history">Load history</LinkTab>
      <LinkTab to="/load-forecasts">Load forecasts</LinkTab>
      <LinkTab to="/load-models" activeOptions={{ includeSearch: false }}>
        Forecast accuracy
      </LinkTab>
      <LinkTab to="/weather">Weather</LinkTab>
    </LinkTabs>
  )
}
