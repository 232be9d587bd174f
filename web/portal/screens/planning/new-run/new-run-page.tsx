import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { DemandEdition } from '../../../../../schemas/planning/demand-editions.ts'
import type { DemandRun } from '../../../../../schemas/planning/demand-runs.ts'
import { LinkButton } from '../../../../shared/components/link-button.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Page } from '../../../../shared/components/page.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { demandEditionsQuery, demandRunQuery } from '../../../planning-queries.ts'
import { useRefusal } from '../../../session.ts'

interface NewRunPageProps {
  title: string
  /** A run whose editions and figures the form begins with. */
  like: string | undefined
  children: (editions: DemandEdition[], model: DemandRun | null) => ReactNode
}

/** The page of a form that starts a run; the form is there once the editions are, and the run that it is to be like. */
export function NewRunPage({ title, like, children }: NewRunPageProps) {
  const refusal = useRefusal('planner')
  const editions = useQuery({ ...demandEditionsQuery(), enabled: refusal === null })
  const model = useQuery({ ...demandRunQuery(like ?? ''), enabled: like !== undefined })
  return (
    <Page title={title} actions={<LinkButton to="/planning">All runs</LinkButton>}>
      {refusal !== null && <Notice>{refusal}</Notice>}
      {refusal === null && (
        <Loaded query={editions}>
          {(all) =>
            like === undefined ? children(all, null) : <Loaded query={model}>{(run) => children(all, run)}</Loaded>
          }
        </Loaded>
      )}
    </Page>
  )
}
