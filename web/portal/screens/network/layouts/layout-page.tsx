import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { SavedLayout } from '../../../../../schemas/grid/layouts.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { layoutsQuery } from '../../../grid-queries.ts'
import { useRefusal } from '../../../session.ts'
import { draftOf, newLayout } from './draft.ts'
import { LayoutForm } from './layout-form.tsx'

/** Makes a layout, from nothing or from one that is there. */
export function NewLayout() {
  const { from } = useSearch({ from: '/inside/new-network-layout' })
  return (
    <Framed title="New layout">
      {(layouts) => {
        const template = layouts.find(({ name }) => name === from)
        return (
          <LayoutForm
            key={from ?? 'empty'}
            initial={template ? draftOf(template, '') : newLayout()}
            version={null}
            taken={layouts.map(({ name }) => name)}
          />
        )
      }}
    </Framed>
  )
}

/** Changes a layout that somebody added. */
export function ChangeLayout() {
  const { name } = useParams({ from: '/inside/network-layouts/$name' })
  return (
    <Framed title={`Layout ${name}`}>
      {(layouts) => {
        const layout = layouts.find((each) => each.name === name)
        if (!layout) return <Notice tone="risk">There is no layout {name}: somebody may have removed it.</Notice>
        if (layout.savedBy === null)
          return <Notice>This layout comes with the program and stays as it is: make another from it.</Notice>
        return <LayoutForm initial={draftOf(layout, name)} version={layout.etag} taken={[]} />
      }}
    </Framed>
  )
}

function Framed({ title, children }: { title: string; children: (layouts: SavedLayout[]) => ReactNode }) {
  const query = useQuery(layoutsQuery)
  const refusal = useRefusal('planner')
  return (
    <Page title={title} actions={<LinkButton to="/network-layouts">All layouts</LinkButton>}>
      {refusal !== null && <Notice>{refusal}</Notice>}
      <Loaded query={query}>{children}</Loaded>
    </Page>
  )
}
