import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
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
      {(layouts, again) => {
        const template = layouts.find(({ name }) => name === from)
        return (
          <LayoutForm
            key={`${from ?? 'empty'} ${again.round}`}
            initial={template ? draftOf(template, '') : newLayout()}
            version={null}
            taken={layouts.map(({ name }) => name)}
            onReload={again.load}
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
      {(layouts, again) => {
        const layout = layouts.find((each) => each.name === name)
        if (!layout) return <Notice tone="risk">There is no layout {name}: somebody may have removed it.</Notice>
        if (layout.savedBy === null)
          return <Notice>This layout comes with the program and stays as it is: make another from it.</Notice>
        const initial = draftOf(layout, name)
        return <LayoutForm key={again.round} initial={initial} version={layout.etag} taken={[]} onReload={again.load} />
      }}
    </Framed>
  )
}

/** Loads what is stored over what was entered, and how often that was done. */
interface Again {
  round: number
  load: () => void
}

interface FramedProps {
  title: string
  children: (layouts: SavedLayout[], again: Again) => ReactNode
}

function Framed({ title, children }: FramedProps) {
  const query = useQuery(layoutsQuery)
  const [round, setRound] = useState(0)
  const load = () => void query.refetch().then(() => setRound(round + 1))
  const refusal = useRefusal('planner')
  return (
    <Page title={title} actions={<LinkButton to="/network-layouts">All layouts</LinkButton>}>
      {refusal !== null && <Notice>{refusal}</Notice>}
      <Loaded query={query}>{(layouts) => children(layouts, { round, load })}</Loaded>
    </Page>
  )
}
